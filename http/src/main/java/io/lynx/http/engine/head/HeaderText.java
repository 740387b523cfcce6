package io.lynx.http.engine.head;

import io.lynx.http.HttpException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What may stand in a header (RFC 9110, 5.1, 5.5 and 5.6). */
public final class HeaderText {
    private HeaderText() {}

    /**
     * Checks the name of a header.
     *
     * @throws IllegalArgumentException if it is not a token
     */
    public static void requireName(String name) {
        if (!isToken(name)) {
            throw new IllegalArgumentException("header name: '" + name + "'; letters, digits and !#$%&'*+-.^_`|~");
        }
    }

    /** Returns whether {@code text} is a token. */
    public static boolean isToken(String text) {
        boolean isLegal = !text.isEmpty();
        for (int i = 0; i < text.length() && isLegal; i++) {
            char c = text.charAt(i);
            isLegal = isAlphanumeric(c) || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
        }
        return isLegal;
    }

    /**
     * Checks the value of a header.
     *
     * @throws IllegalArgumentException if it has characters that a header cannot have
     */
    public static void requireValue(String name, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f || c > 0xff) {
                throw new IllegalArgumentException("header " + name + ": character " + (int) c + " at " + i
                        + "; visible Latin-1, spaces and tabs");
            }
        }
    }

    /**
     * Returns a URI reference as it may stand in {@code Location}: what is not allowed there, line breaks and backslashes included, is
     * percent-encoded.
     */
    public static String location(String reference) {
        StringBuilder encoded = new StringBuilder(reference.length() + 16);
        for (byte b : reference.getBytes(StandardCharsets.UTF_8)) {
            if (b > ' ' && b < 0x7f && "\"<>\\^`{|}".indexOf(b) < 0) {
                encoded.append((char) b);
            } else {
                encoded.append('%');
                encoded.append(Character.toUpperCase(Character.forDigit((b >> 4) & 0xf, 16)));
                encoded.append(Character.toUpperCase(Character.forDigit(b & 0xf, 16)));
            }
        }
        return encoded.toString();
    }

    /** Returns whether headers can be sent. */
    public static boolean areUsable(Map<String, String> headers) {
        try {
            headers.forEach((name, value) -> {
                requireName(name);
                requireValue(name, value);
            });
            return true;
        } catch (IllegalArgumentException unusable) {
            return false;
        }
    }

    /** Returns whether a header belongs to the connection and not to the answer (RFC 9110, 7.6.1). */
    public static boolean isHopByHop(String name) {
        return switch (name.length()) {
            case 7 -> name.equalsIgnoreCase("upgrade");
            case 10 -> name.equalsIgnoreCase("connection") || name.equalsIgnoreCase("keep-alive");
            case 16 -> name.equalsIgnoreCase("proxy-connection");
            case 17 -> name.equalsIgnoreCase("transfer-encoding");
            default -> false;
        };
    }

    /** Returns whether a comma-separated list has {@code token}, in any case. */
    public static boolean hasToken(String list, String token) {
        for (String part : list.split(",")) {
            if (part.trim().equalsIgnoreCase(token)) {
                return true;
            }
        }
        return false;
    }

    /**
     * The value of a parameter behind a media type (RFC 9110, 5.6.6), which may be quoted.
     *
     * @return null if there is none of that name
     */
    public static @Nullable String parameter(String header, String name) {
        for (String part : parts(header, ';')) {
            int equals = part.indexOf('=');
            if (equals > 0 && part.substring(0, equals).trim().equalsIgnoreCase(name)) {
                return unquoted(part.substring(equals + 1).trim());
            }
        }
        return null;
    }

    /**
     * Returns the charset that a content type names, or else UTF-8.
     *
     * @throws HttpException (415) if it is unknown
     */
    public static Charset charset(String contentType) {
        String name = parameter(contentType, "charset");
        if (name == null) {
            return StandardCharsets.UTF_8;
        }
        try {
            return Charset.forName(name);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            throw new HttpException(415, "charset of the body: '" + name + "'; a known one, such as utf-8", e);
        }
    }

    /** Splits at separators that are not quoted. The parts keep the spaces around them. */
    public static List<String> parts(String header, char separator) {
        List<String> parts = new ArrayList<>(3);
        boolean isQuoted = false;
        int from = 0;
        for (int i = 0; i < header.length(); i++) {
            char c = header.charAt(i);
            if (c == '\\' && isQuoted) {
                i++;
            } else if (c == '"') {
                isQuoted = !isQuoted;
            } else if (c == separator && !isQuoted) {
                parts.add(header.substring(from, i));
                from = i + 1;
            }
        }
        parts.add(header.substring(Math.min(from, header.length())));
        return parts;
    }

    private static String unquoted(String value) {
        if (value.length() < 2 || !value.startsWith("\"") || !value.endsWith("\"")) {
            return value;
        }
        StringBuilder text = new StringBuilder(value.length());
        for (int i = 1; i < value.length() - 1; i++) {
            char c = value.charAt(i);
            text.append(c == '\\' && i < value.length() - 2 ? value.charAt(++i) : c);
        }
        return text.toString();
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
