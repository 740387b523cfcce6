package io.lynx.transport.engine.framing;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The request line of a request of HTTP/1.1 (RFC 9112, 3), byte by byte: a method, a target and a version. Its length is limited
 * elsewhere. Not thread-safe.
 */
final class RequestLine {
    private static final String VERSION = "HTTP/1.";
    private static final byte[] NEWEST = "HTTP/1.1".getBytes(StandardCharsets.US_ASCII);
    private static final String SUPPORTED = "only HTTP/1.0, HTTP/1.1 and HTTP/2 are supported";
    private static final int HIGHEST_MINOR = 1;
    private static final int MAX_METHOD = 32;

    private enum Part {
        METHOD,
        TARGET,
        VERSION
    }

    private final StringBuilder method = new StringBuilder(8);
    private final TargetForm target = new TargetForm();
    private Part part = Part.METHOD;
    private int at;
    private int minor;
    private int status;
    private String detail = "";

    /** The next byte is the first of a line. */
    void begin() {
        method.setLength(0);
        target.reset();
        part = Part.METHOD;
        minor = 0;
    }

    /**
     * Takes the bytes from {@code from} to {@code to} (exclusive) that go on with the method, the path or the version.
     *
     * @return the index of the first one that it has not taken, which is for {@link #step}
     */
    int skip(byte[] bytes, int from, int to) {
        return switch (part) {
            case METHOD -> skipMethod(bytes, from, to);
            case TARGET -> target.isPath() ? skipPath(bytes, from, to) : from;
            case VERSION -> skipVersion(bytes, from, to);
        };
    }

    private int skipMethod(byte[] bytes, int from, int to) {
        int index = from;
        while (index < to && method.length() < MAX_METHOD && Syntax.isTokenCharacter(bytes[index] & 0xff)) {
            method.append((char) bytes[index++]);
        }
        return index;
    }

    private int skipPath(byte[] bytes, int from, int to) {
        int index = from;
        while (index < to && isUnescaped(bytes[index])) {
            index++;
        }
        at += index - from;
        return index;
    }

    private int skipVersion(byte[] bytes, int from, int to) {
        if (at != 0
                || to - from < NEWEST.length
                || !Arrays.equals(bytes, from, from + NEWEST.length, NEWEST, 0, NEWEST.length)) {
            return from;
        }
        at = NEWEST.length;
        minor = 1;
        return from + NEWEST.length;
    }

    /** Takes the next byte; the line is complete at its CR. */
    FramingStep step(int c) {
        return switch (part) {
            case METHOD -> method(c);
            case TARGET -> target(c);
            case VERSION -> version(c);
        };
    }

    private FramingStep method(int c) {
        if (c == ' ' && !method.isEmpty()) {
            at = 0;
            part = Part.TARGET;
        } else if (!Syntax.isTokenCharacter(c)) {
            return fail(400, "the method is not a token");
        } else if (method.length() < MAX_METHOD) {
            method.append((char) c);
        }
        return FramingStep.MORE;
    }

    private FramingStep target(int c) {
        if (c == ' ' && at > 0) {
            if (!target.isComplete(method)) {
                return fail(400, "the request target is not a path or an absolute URL");
            }
            at = 0;
            part = Part.VERSION;
        } else if (isUnescaped(c)) {
            at++;
            target.add(c);
        } else {
            return fail(400, "the request target contains a character that must be escaped");
        }
        return FramingStep.MORE;
    }

    private static boolean isUnescaped(int c) {
        return c > ' ' && c < 0x7f && c != '#';
    }

    private FramingStep version(int c) {
        if (at < VERSION.length()) {
            if (c != VERSION.charAt(at)) {
                boolean isOtherMajor = at == 5 && c >= '0' && c <= '9';
                return fail(isOtherMajor ? 505 : 400, SUPPORTED);
            }
        } else if (at == VERSION.length()) {
            if (c < '0' || c > '9') {
                return fail(400, "the version is malformed");
            }
            minor = c - '0';
        } else {
            return c == '\r' ? FramingStep.DONE : fail(400, "the request line does not end behind the version");
        }
        at++;
        return FramingStep.MORE;
    }

    private FramingStep fail(int status, String detail) {
        this.status = status;
        this.detail = detail;
        return FramingStep.FAILED;
    }

    /** The minor version of HTTP/1 that applies: 0, or the highest that is supported for any other (RFC 9110, 2.5). */
    int minor() {
        return Math.min(minor, HIGHEST_MINOR);
    }

    /** Whether the byte that was taken last is a minor version above the highest that is supported. */
    boolean isUnknownMinor() {
        return part == Part.VERSION && at == NEWEST.length && minor > HIGHEST_MINOR;
    }

    /** The status of the answer to a line that failed. */
    int status() {
        return status;
    }

    /** What is wrong with a line that failed. */
    String detail() {
        return detail;
    }
}
