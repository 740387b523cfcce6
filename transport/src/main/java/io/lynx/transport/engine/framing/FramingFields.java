package io.lynx.transport.engine.framing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.jspecify.annotations.Nullable;

/**
 * The fields of a head or of trailers of HTTP/1.1 (RFC 9112, 5 and 6), byte by byte. It keeps only what decides about framing:
 * the name of the current field, and the values of Host, Content-Length, Transfer-Encoding and Connection. Not thread-safe.
 */
final class FramingFields {
    /** Longest value of a field that decides about framing, in bytes; a longer one is a violation. */
    static final int MAX_VALUE = 1024;

    private static final int MAX_TRAILERS = 16 * 1024;
    private static final int MAX_NAME = 32;
    private static final int MAX_LENGTH_DIGITS = 18;

    private enum Part {
        NAME,
        VALUE_START,
        VALUE
    }

    private final byte[] name = new byte[MAX_NAME];
    private int nameLength;
    private final StringBuilder value = new StringBuilder(64);
    private Part part = Part.NAME;
    private int fields;
    private int hosts;
    private int trailerBytes;
    private boolean keepsValue;
    private boolean isTrailer;
    private boolean hasLength;
    private long length;
    private @Nullable String codings;
    private boolean closes;
    private boolean keepsAlive;
    private boolean switches;
    private boolean offersHttp2;
    private String detail = "";

    /** The fields of a head follow. */
    void begin() {
        fields = 0;
        hosts = 0;
        isTrailer = false;
        hasLength = false;
        length = 0;
        codings = null;
        closes = false;
        keepsAlive = false;
        switches = false;
        offersHttp2 = false;
    }

    /** The trailers of a chunked body follow, which decide nothing. */
    void beginTrailers() {
        isTrailer = true;
        trailerBytes = 0;
    }

    /** Takes the first byte of a line; the fields are complete at a CR. */
    FramingStep start(int c) {
        fields++;
        if (c == '\r') {
            return FramingStep.DONE;
        }
        if (c == ' ' || c == '\t') {
            return fail(fields == 1 ? "white space before the first field" : "a field is folded");
        }
        nameLength = 0;
        part = Part.NAME;
        return step(c);
    }

    /**
     * Takes the bytes from {@code from} to {@code to} (exclusive) that go on with a name or a value.
     *
     * @return the index of the first one that it has not taken, which is for {@link #step}
     */
    int skip(byte[] bytes, int from, int to) {
        if (isTrailer || part == Part.VALUE_START) {
            return from;
        }
        if (part == Part.NAME) {
            int end = skipName(bytes, from, to);
            return isIgnored(bytes, end, to) ? skipIgnored(bytes, end, to) : end;
        }
        return keepsValue ? keep(bytes, from, to) : Syntax.skipVisible(bytes, from, to);
    }

    /** Whether the usual separator and a value follow the name that is complete, and the value decides nothing. */
    private boolean isIgnored(byte[] bytes, int colon, int to) {
        return colon + 2 < to
                && bytes[colon] == ':'
                && bytes[colon + 1] == ' '
                && bytes[colon + 2] > ' '
                && nameLength > 0
                && !decides();
    }

    private int skipIgnored(byte[] bytes, int colon, int to) {
        keepsValue = false;
        part = Part.VALUE;
        return Syntax.skipVisible(bytes, colon + 2, to);
    }

    private int skipName(byte[] bytes, int from, int to) {
        int index = from;
        while (index < to) {
            byte c = Syntax.inLowerCase(bytes[index]);
            if (c == 0) {
                break;
            }
            if (nameLength < MAX_NAME) {
                name[nameLength++] = c;
            }
            index++;
        }
        return index;
    }

    private int keep(byte[] bytes, int from, int to) {
        int end = Syntax.skipVisible(bytes, from, Math.min(to, from + MAX_VALUE - value.length()));
        for (int index = from; index < end; index++) {
            value.append((char) (bytes[index] & 0xff));
        }
        return end;
    }

    /** Takes the next byte of a field; it is complete at its CR. */
    FramingStep step(int c) {
        if (isTrailer && ++trailerBytes > MAX_TRAILERS) {
            return fail("the trailers are too large");
        }
        return part == Part.NAME ? name(c) : value(c);
    }

    private FramingStep name(int c) {
        if (c == ':' && nameLength > 0) {
            value.setLength(0);
            keepsValue = !isTrailer && decides();
            part = Part.VALUE_START;
        } else if (!Syntax.isTokenCharacter(c)) {
            return fail("a field name is empty or not a token");
        } else if (nameLength < MAX_NAME) {
            name[nameLength++] = (byte) (c >= 'A' && c <= 'Z' ? c + 32 : c);
        }
        return FramingStep.MORE;
    }

    /** Returns whether the current field decides about framing or routing. */
    private boolean decides() {
        return switch (nameLength) {
            case 4 -> isNamed("host");
            case 10 -> isNamed("connection");
            case 14 -> isNamed("content-length");
            case 17 -> isNamed("transfer-encoding");
            default -> false;
        };
    }

    private boolean isNamed(String expected) {
        for (int i = 0; i < nameLength; i++) {
            if (name[i] != expected.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private FramingStep value(int c) {
        if (c == '\r') {
            return FramingStep.DONE;
        }
        if ((c < ' ' && c != '\t') || c == 0x7f) {
            return fail("a field value contains a control character");
        }
        boolean isBlankBefore = part == Part.VALUE_START && (c == ' ' || c == '\t');
        if (!isBlankBefore) {
            part = Part.VALUE;
            if (keepsValue) {
                if (value.length() == MAX_VALUE) {
                    return fail("the field " + new String(name, 0, nameLength, US_ASCII) + " is too long");
                }
                value.append((char) c);
            }
        }
        return FramingStep.MORE;
    }

    /** Evaluates the field that is complete; returns whether it is allowed. */
    boolean isFieldAllowed() {
        if (!keepsValue) {
            return true;
        }
        while (!value.isEmpty()
                && (value.charAt(value.length() - 1) == ' ' || value.charAt(value.length() - 1) == '\t')) {
            value.setLength(value.length() - 1);
        }
        switch (nameLength) {
            case 4 -> {
                hosts++;
                if (!Syntax.isAuthority(value)) {
                    detail = "the field Host is not a host with an optional port";
                    return false;
                }
            }
            case 10 ->
                Syntax.forEachElement(value, option -> {
                    closes |= option.equals("close");
                    keepsAlive |= option.equals("keep-alive");
                    switches |= option.equals("upgrade");
                    offersHttp2 |= option.equals("http2-settings");
                });
            case 14 -> {
                return isLengthAllowed();
            }
            default -> codings = codings == null ? value.toString() : codings + "," + value;
        }
        return true;
    }

    private boolean isLengthAllowed() {
        boolean isNumber = !value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9');
        int zeros = 0;
        while (zeros < value.length() - 1 && value.charAt(zeros) == '0') {
            zeros++;
        }
        if (!isNumber || hasLength || value.length() - zeros > MAX_LENGTH_DIGITS) {
            detail = hasLength ? "the field Content-Length is repeated" : "the field Content-Length is not a length";
            return false;
        }
        hasLength = true;
        length = Long.parseLong(value, zeros, value.length(), 10);
        return true;
    }

    /** Returns whether the fields of a head that is complete are allowed together, with the minor version of HTTP/1. */
    boolean isHeadAllowed(int minor) {
        if (hosts > 1 || (hosts == 0 && minor == 1)) {
            detail = "exactly one field Host is required";
            return false;
        }
        String announced = codings;
        if (announced == null) {
            return true;
        }
        if (minor == 0) {
            detail = "HTTP/1.0 has no Transfer-Encoding";
        } else if (hasLength) {
            detail = "Transfer-Encoding and Content-Length exclude each other";
        } else if (!Syntax.isChunkedAlone(announced)) {
            detail = "the only Transfer-Encoding that is supported is 'chunked', once";
        } else {
            return true;
        }
        return false;
    }

    private FramingStep fail(String detail) {
        this.detail = detail;
        return FramingStep.FAILED;
    }

    /** What is not allowed. */
    String detail() {
        return detail;
    }

    boolean isTrailer() {
        return isTrailer;
    }

    /** Whether the body is chunked. */
    boolean isChunked() {
        return codings != null;
    }

    /** The length of a body that is not chunked. */
    long length() {
        return length;
    }

    /** Whether what follows may belong to another protocol, if the server switches to it; HTTP/2 is the library's matter. */
    boolean maySwitch() {
        return switches && !offersHttp2;
    }

    /** Whether the connection ends after this request, with the minor version of HTTP/1. */
    boolean isLast(int minor) {
        return closes || (minor == 0 && !keepsAlive);
    }
}
