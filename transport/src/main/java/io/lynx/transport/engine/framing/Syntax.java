package io.lynx.transport.engine.framing;

import io.vertx.core.http.HttpServerRequest;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** Elements of the syntax of HTTP (RFC 9110, 5.6) and of URIs (RFC 3986, 3.2). Stateless. */
public final class Syntax {
    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

    /** What a registered name may contain beside letters, digits and escapes; the comma, which separates fields, is left out. */
    private static final String NAME_MARKS = "-._~!$&'()*+;=";

    /** The characters of a token in lower case; 0 for all others. */
    private static final byte[] TOKEN = new byte[256];

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long ONES = 0x0101010101010101L;

    static {
        for (int c = 0; c < 128; c++) {
            if (isAlphanumeric(c) || TOKEN_MARKS.indexOf(c) >= 0) {
                TOKEN[c] = (byte) (c >= 'A' && c <= 'Z' ? c + 32 : c);
            }
        }
    }

    private Syntax() {}

    /** Returns whether a token may contain {@code c}. */
    static boolean isTokenCharacter(int c) {
        return c < TOKEN.length && TOKEN[c] != 0;
    }

    /** Returns the character of a token in lower case; 0 if a token may not contain it. */
    static byte inLowerCase(byte c) {
        return TOKEN[c & 0xff];
    }

    /** Returns the index of the first byte, from {@code from} to {@code to} (exclusive), that is a control character. */
    static int skipVisible(byte[] bytes, int from, int to) {
        int index = from;
        while (index + Long.BYTES <= to && areVisible((long) LONGS.get(bytes, index))) {
            index += Long.BYTES;
        }
        while (index < to && (bytes[index] & 0xff) >= ' ' && bytes[index] != 0x7f) {
            index++;
        }
        return index;
    }

    /** Whether none of eight bytes is below a space or is DEL: such a byte has its high bit in {@code below} or {@code deleted}. */
    private static boolean areVisible(long eight) {
        long below = (eight - ' ' * ONES) & ~eight;
        long difference = eight ^ (0x7f * ONES);
        long deleted = (difference - ONES) & ~difference;
        return ((below | deleted) & HIGH_BITS) == 0;
    }

    /**
     * Returns whether the fields of an HTTP/2 request are valid (RFC 9113, 8.2.1 and 8.3.1): names are tokens, values have no
     * control characters, and the path no character that must be escaped.
     */
    public static boolean areValid(HttpServerRequest request) {
        String path = request.uri();
        if (path == null || !isPath(path)) {
            return false;
        }
        for (Map.Entry<String, String> field : request.headers()) {
            if (!isName(field.getKey()) || !isValue(field.getValue())) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPath(String path) {
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '#') {
                return false;
            }
        }
        return true;
    }

    /** Returns whether {@code name} is a token. */
    public static boolean isName(CharSequence name) {
        for (int i = 0; i < name.length(); i++) {
            if (!isTokenCharacter(name.charAt(i))) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    /** Returns whether {@code value} can be the value of a field: without control characters, and not blank at its ends. */
    static boolean isValue(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f) {
                return false;
            }
        }
        return value.isEmpty() || (!isBlank(value.charAt(0)) && !isBlank(value.charAt(value.length() - 1)));
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static boolean isAlphanumeric(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    /** Returns whether {@code text} is a host with an optional port; an empty text is one. */
    static boolean isAuthority(CharSequence text) {
        int end = text.length();
        int index = 0;
        if (index < end && text.charAt(0) == '[') {
            while (++index < end && text.charAt(index) != ']') {
                char c = text.charAt(index);
                if ((Character.digit(c, 16) < 0 && c != ':' && c != '.') || c >= 0x80) {
                    return false;
                }
            }
            if (index++ >= end) {
                return false;
            }
        } else {
            for (; index < end && text.charAt(index) != ':'; index++) {
                char c = text.charAt(index);
                boolean isEscape = c == '%' && isHex(text, index + 1) && isHex(text, index + 2);
                if (!isAlphanumeric(c) && NAME_MARKS.indexOf(c) < 0 && !isEscape) {
                    return false;
                }
            }
        }
        return index == end || (text.charAt(index) == ':' && isPort(text, index + 1));
    }

    private static boolean isHex(CharSequence text, int index) {
        return index < text.length() && text.charAt(index) < 0x80 && Character.digit(text.charAt(index), 16) >= 0;
    }

    private static boolean isPort(CharSequence text, int start) {
        int port = 0;
        for (int i = start; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9' || port > 65535) {
                return false;
            }
            port = port * 10 + c - '0';
        }
        return port <= 65535;
    }

    /** Passes each element of a comma-separated list to {@code consumer}, in lower case and without white space. */
    static void forEachElement(CharSequence list, Consumer<String> consumer) {
        int start = 0;
        for (int i = 0; i <= list.length(); i++) {
            if (i == list.length() || list.charAt(i) == ',') {
                consumer.accept(list.subSequence(start, i).toString().trim().toLowerCase(Locale.ROOT));
                start = i + 1;
            }
        }
    }

    /** Returns whether a comma-separated list has {@code element}, without regard to case. */
    static boolean hasElement(String list, String element) {
        int start = 0;
        for (int i = 0; i <= list.length(); i++) {
            if (i == list.length() || list.charAt(i) == ',') {
                if (list.substring(start, i).trim().equalsIgnoreCase(element)) {
                    return true;
                }
                start = i + 1;
            }
        }
        return false;
    }

    /** Returns whether {@code codings} names the coding {@code chunked} once and no other; empty elements are refused. */
    static boolean isChunkedAlone(String codings) {
        return codings.equalsIgnoreCase("chunked");
    }
}
