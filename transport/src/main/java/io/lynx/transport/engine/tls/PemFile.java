package io.lynx.transport.engine.tls;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The parts of a PEM file (RFC 7468). Stateless. */
final class PemFile {
    private static final Pattern BEGIN = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----");

    private PemFile() {}

    /**
     * One part.
     *
     * @param label such as {@code CERTIFICATE}
     * @param text between the first and the last line
     */
    record Part(String label, String text) {
        /**
         * Returns its bytes.
         *
         * @throws IllegalArgumentException if it is not Base64
         */
        byte[] bytes() {
            return Base64.getDecoder().decode(text.replaceAll("\\s", ""));
        }
    }

    /** Returns whether {@code content} is binary, so that it cannot be PEM: a sequence of ASN.1 begins with this byte. */
    static boolean isBinary(byte[] content) {
        return content.length > 0 && content[0] == 0x30;
    }

    /**
     * Returns the parts of a file; what is between them is ignored.
     *
     * @throws IllegalArgumentException if a part has no end, as that of a file that is being written
     */
    static List<Part> parts(byte[] content) {
        String text = new String(content, StandardCharsets.ISO_8859_1);
        List<Part> parts = new ArrayList<>();
        Matcher begin = BEGIN.matcher(text);
        int at = 0;
        while (begin.find(at)) {
            String label = begin.group(1);
            String last = "-----END " + label + "-----";
            int end = text.indexOf(last, begin.end());
            if (end < 0) {
                throw new IllegalArgumentException("ends within its part '" + label + "'");
            }
            parts.add(new Part(label, text.substring(begin.end(), end)));
            at = end + last.length();
        }
        return parts;
    }
}
