package io.lynx.http.client.engine;

import java.nio.charset.StandardCharsets;

/** Builds the path and the query of a call from a template and values (RFC 3986). Stateless. */
public final class TargetText {
    private static final String HEX = "0123456789ABCDEF";

    private TargetText() {}

    /**
     * Returns a path in which each variable is replaced by a value, encoded as one segment.
     *
     * @throws IllegalArgumentException if the template is malformed, there are more or fewer values than variables, or a value
     *     would change the structure of the path
     */
    public static String path(String prefix, String template, Object... values) {
        if (!template.startsWith("/")) {
            throw refused(template, "a path that starts with /, such as /orders/{id}");
        }
        StringBuilder path = new StringBuilder(prefix.length() + template.length() + 16).append(prefix);
        int next = 0;
        for (int i = 0; i < template.length(); i++) {
            char c = template.charAt(i);
            if (c == '{') {
                int end = template.indexOf('}', i);
                if (end < 0 || next == values.length) {
                    throw refused(template, "a value for each variable in braces; there are " + values.length);
                }
                appendSegment(path, template, String.valueOf(values[next++]));
                i = end;
            } else if (c <= ' ' || c >= 0x7f || "}?#\"<>\\^`|".indexOf(c) >= 0) {
                throw refused(template, "visible ASCII without ? and #; pass a query by query(name, value)");
            } else {
                path.append(c);
            }
        }
        if (next != values.length) {
            throw refused(template, "a value for each variable in braces; there are " + values.length);
        }
        return path.toString();
    }

    private static void appendSegment(StringBuilder path, String template, String value) {
        // Servers and proxies take these out of a path, whether they are encoded or not.
        if (value.isEmpty() || value.equals(".") || value.equals("..")) {
            throw refused(template, "values that are not empty, '.' or '..'");
        }
        appendEncoded(path, value);
    }

    private static IllegalArgumentException refused(String template, String allowed) {
        return new IllegalArgumentException("path '" + template + "': not usable; " + allowed);
    }

    /** Appends text as UTF-8, with everything encoded that is not unreserved. */
    public static void appendEncoded(StringBuilder out, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isUnreserved(c)) {
                out.append(c);
            } else {
                int end = Character.isHighSurrogate(c) && i + 1 < text.length() ? i + 2 : i + 1;
                for (byte b : text.substring(i, end).getBytes(StandardCharsets.UTF_8)) {
                    out.append('%').append(HEX.charAt((b >> 4) & 0xf)).append(HEX.charAt(b & 0xf));
                }
                i = end - 1;
            }
        }
    }

    private static boolean isUnreserved(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '.'
                || c == '_'
                || c == '~';
    }
}
