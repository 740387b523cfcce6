package io.lynx.context;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The baggage of a request (W3C Baggage), with the limits of the specification. Immutable.
 *
 * @param values by key, decoded, in the order of the header
 * @param text the header, with the properties of its members
 */
record Baggage(Map<String, String> values, String text) {
    static final Baggage NONE = new Baggage(Map.of(), "");

    static final int MOST_MEMBERS = 64;
    static final int LONGEST = 8192;

    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    /**
     * Reads the headers. Members that are malformed, repeat a key or exceed a limit are left out.
     *
     * @param onIgnored is called once if something was left out
     */
    static Baggage parse(List<String> headers, Runnable onIgnored) {
        Map<String, String> values = new LinkedHashMap<>();
        StringBuilder text = new StringBuilder();
        boolean isComplete = true;
        int left = LONGEST;
        for (String header : headers) {
            String readable = header;
            if (header.length() > left) {
                isComplete = false;
                readable = header.substring(0, Math.max(0, header.lastIndexOf(',', left)));
            }
            left -= Math.min(left, header.length());
            for (String part : readable.split(",", -1)) {
                String member = trimmed(part);
                isComplete &= member.isEmpty() || add(member, values, text);
            }
        }
        if (!isComplete) {
            onIgnored.run();
        }
        return values.isEmpty() ? NONE : new Baggage(Collections.unmodifiableMap(values), text.toString());
    }

    private static boolean add(String member, Map<String, String> values, StringBuilder text) {
        int semicolon = member.indexOf(';');
        String pair = semicolon < 0 ? member : member.substring(0, semicolon);
        int equals = pair.indexOf('=');
        if (equals < 0 || values.size() == MOST_MEMBERS || (semicolon >= 0 && !areProperties(member, semicolon))) {
            return false;
        }
        String key = trimmed(pair.substring(0, equals));
        String value = decoded(trimmed(pair.substring(equals + 1)));
        if (value == null || !isToken(key) || values.containsKey(key)) {
            return false;
        }
        values.put(key, value);
        text.append(text.isEmpty() ? "" : ",").append(member);
        return true;
    }

    /**
     * Returns this with another member, or with another value of one.
     *
     * @throws IllegalArgumentException if the key is not a token, or the baggage would exceed its limits
     */
    Baggage with(String key, String value) {
        if (!isToken(key)) {
            throw new IllegalArgumentException("baggage key: '" + key + "'; letters, digits and !#$%&'*+-.^_`|~");
        }
        Map<String, String> others = new LinkedHashMap<>(values);
        String before = others.remove(key);
        StringBuilder header = new StringBuilder(text.length() + key.length() + value.length() + 2);
        if (before == null) {
            header.append(text);
        } else {
            // The members whose properties are known come from this text, so it is read again without the one that
            // changes.
            for (String member : text.split(",", -1)) {
                if (!trimmed(member.substring(0, member.indexOf('='))).equals(key)) {
                    header.append(header.isEmpty() ? "" : ",").append(member);
                }
            }
        }
        header.append(header.isEmpty() ? "" : ",").append(key).append('=');
        encode(value, header);
        others.put(key, value);
        if (others.size() > MOST_MEMBERS || header.length() > LONGEST) {
            throw new IllegalArgumentException("baggage: " + others.size() + " members in " + header.length()
                    + " characters; at most " + MOST_MEMBERS + " in " + LONGEST);
        }
        return new Baggage(Collections.unmodifiableMap(others), header.toString());
    }

    /** Returns the text without the spaces and tabs around it. */
    static String trimmed(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isBlank(text.charAt(from))) {
            from++;
        }
        while (to > from && isBlank(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static boolean isToken(String key) {
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            if (!ContextHeaders.isAlphanumeric(c) && "!#$%&'*+-.^_`|~".indexOf(c) < 0) {
                return false;
            }
        }
        return !key.isEmpty();
    }

    private static boolean areProperties(String member, int from) {
        for (int i = from; i < member.length(); i++) {
            char c = member.charAt(i);
            if (c != ';' && !isBlank(c) && !isOctet(c)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isOctet(char c) {
        return c > ' ' && c <= '~' && c != '"' && c != ',' && c != ';' && c != '\\';
    }

    /** Returns a value without its percent-encoding; null if it is malformed. */
    private static @Nullable String decoded(String value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (!isOctet(c)) {
                return null;
            }
            if (c == '%') {
                int high = digit(value, i + 1);
                int low = digit(value, i + 2);
                if (high < 0 || low < 0) {
                    return null;
                }
                bytes.write(high * 16 + low);
                i += 2;
            } else {
                bytes.write(c);
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static int digit(String value, int at) {
        boolean isAscii = at < value.length() && value.charAt(at) <= '~';
        return isAscii ? Character.digit(value.charAt(at), 16) : -1;
    }

    private static void encode(String value, StringBuilder out) {
        for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (isOctet(c) && c != '%') {
                out.append(c);
            } else {
                out.append('%').append(HEX[c >> 4]).append(HEX[c & 15]);
            }
        }
    }
}
