package io.lynx.http.engine.head;

import io.lynx.http.HttpException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A request's path, split at its slashes and then decoded, so that an encoded slash is part of a segment and never
 * separates. Segments {@code .} and {@code ..}, encoded or not, are refused: clients resolve them before they send.
 */
public record Path(List<String> segments) {
    /**
     * Splits and decodes {@code raw}, which begins with a slash.
     *
     * @throws HttpException (400) if it does not, or cannot be decoded
     */
    public static Path of(String raw) {
        if (raw.isEmpty() || raw.charAt(0) != '/') {
            throw new HttpException(400, "path: it must begin with a slash");
        }
        List<String> segments = new ArrayList<>(6);
        int from = 1;
        while (true) {
            int slash = raw.indexOf('/', from);
            String segment = decode(slash < 0 ? raw.substring(from) : raw.substring(from, slash), false, "path");
            if (segment.equals(".") || segment.equals("..")) {
                throw new HttpException(400, "path: segments '.' and '..' are not allowed");
            }
            segments.add(segment);
            if (slash < 0) {
                return new Path(segments);
            }
            from = slash + 1;
        }
    }

    /**
     * Decodes percent-encoded UTF-8 (RFC 3986, 2.1).
     *
     * @param plusIsSpace whether a plus sign stands for a space, as it does in queries
     * @throws HttpException (400) if an escape is cut short, is not hexadecimal, or the bytes are not UTF-8 text
     */
    public static String decode(String raw, boolean plusIsSpace, String subject) {
        String text = plusIsSpace ? raw.replace('+', ' ') : raw;
        int percent = text.indexOf('%');
        if (percent < 0) {
            return text;
        }
        ByteBuffer bytes = ByteBuffer.allocate(text.length() * 3);
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '%') {
                if (at + 2 >= text.length()
                        || !HexFormat.isHexDigit(text.charAt(at + 1))
                        || !HexFormat.isHexDigit(text.charAt(at + 2))) {
                    throw new HttpException(400, subject + ": malformed percent-encoding");
                }
                bytes.put((byte) HexFormat.fromHexDigits(text, at + 1, at + 3));
                at += 3;
            } else {
                int end = text.indexOf('%', at);
                String plain = end < 0 ? text.substring(at) : text.substring(at, end);
                bytes.put(plain.getBytes(StandardCharsets.UTF_8));
                at += plain.length();
            }
        }
        try {
            String decoded =
                    StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
            if (decoded.indexOf('\0') >= 0) {
                throw new HttpException(400, subject + ": NUL is not allowed");
            }
            return decoded;
        } catch (CharacterCodingException e) {
            throw new HttpException(400, subject + ": percent-encoded bytes are not UTF-8", e);
        }
    }
}
