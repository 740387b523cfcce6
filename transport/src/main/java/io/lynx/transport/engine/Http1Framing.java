package io.lynx.transport.engine;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/*
 * Two parsers that disagree about where a message ends let a client smuggle a request past the one in front. So this one is
 * strict, and what it passes on has one reading only:
 *
 *   REQUEST LINE ─▶ FIELDS ─▶ HEAD END ─┬▶ (no body) ──────────────▶ REQUEST LINE, or DISCARD after "Connection: close"
 *                                       ├▶ FIXED body ────────────▶
 *                                       └▶ CHUNK SIZE ─▶ DATA ─▶ … ─▶ TRAILERS ─▶
 *
 * It keeps only what it needs to decide: the name of the current field, and the values of Host, Content-Length,
 * Transfer-Encoding and Connection. Sizes of heads and bodies are limited elsewhere.
 */

/**
 * Checks the framing of the HTTP/1.1 requests of one connection, byte by byte and ahead of the decoder (RFC 9112). It neither
 * buffers nor changes anything. Not thread-safe; an instance belongs to the event loop of its connection.
 */
final class Http1Framing {
    /** Longest value of a field that decides about framing, in bytes; a longer one is a violation. */
    static final int MAX_VALUE = 1024;

    /** Digits of a chunk size beyond which it is refused: a chunk has less than 256 MiB. */
    private static final int MAX_SIZE_DIGITS = 7;

    /** Bytes of a chunk's size line or of all trailers that are accepted. */
    private static final int MAX_CHUNK_LINE = 4096;

    private static final int MAX_TRAILERS = 16 * 1024;
    private static final int MANY_CHUNKS = 256;
    private static final int TINY_CHUNK = 16;
    private static final int MAX_NAME = 32;
    private static final int MAX_LENGTH_DIGITS = 18;

    /**
     * What a request does wrong.
     *
     * @param status the status of the answer: 400, or 505 for a version
     * @param detail a sentence for the answer
     * @param isInBody whether the head of the request was good and has been passed on
     */
    record Violation(int status, String detail, boolean isInBody) {}

    private enum State {
        START,
        START_LF,
        METHOD,
        TARGET,
        VERSION,
        LINE_LF,
        FIELD_START,
        NAME,
        VALUE_START,
        VALUE,
        VALUE_LF,
        END_LF,
        FIXED,
        SIZE_START,
        SIZE,
        EXTENSION,
        QUOTED,
        ESCAPED,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        DISCARD
    }

    private static final String VERSION = "HTTP/1.";

    private final StringBuilder method = new StringBuilder(8);
    private final StringBuilder name = new StringBuilder(MAX_NAME);
    private final StringBuilder value = new StringBuilder(64);
    private final TargetForm target = new TargetForm();
    private State state = State.START;
    private int at;
    private int minor;
    private int requests;
    private int fields;
    private int hosts;
    private int lineLength;
    private int digits;
    private boolean keepsValue;
    private boolean isTrailer;
    private boolean hasLength;
    private long length;
    private @Nullable String codings;
    private boolean closes;
    private boolean keepsAlive;
    private long left;
    private long chunks;
    private long chunkBytes;
    private @Nullable Violation violation;

    /**
     * Examines the readable bytes of {@code in} without reading them.
     *
     * @return how many of them may be passed on: all of them, or those before a violation or before what follows the last request
     */
    int examine(ByteBuf in) {
        int start = in.readerIndex();
        int end = in.writerIndex();
        int index = start;
        while (index < end && violation == null && state != State.DISCARD) {
            if (state == State.FIXED || state == State.DATA) {
                int taken = (int) Math.min(left, end - index);
                left -= taken;
                index += taken;
                if (left == 0) {
                    bodyPartEnded();
                }
            } else {
                step(in.getByte(index) & 0xff);
                if (violation == null) {
                    index++;
                }
            }
        }
        return index - start;
    }

    /** Returns what was wrong; null if nothing was. Nothing that follows a violation may be passed on. */
    @Nullable
    Violation violation() {
        return violation;
    }

    /** Returns whether the chunks of the current body are so small that they cost much more time than their length suggests. */
    boolean hasTinyChunks() {
        return chunks > MANY_CHUNKS && chunkBytes < chunks * TINY_CHUNK;
    }

    /** Returns how many heads were valid. */
    int requests() {
        return requests;
    }

    /** Returns whether the last request of the connection has been read whole, so that everything behind it is to be dropped. */
    boolean isOver() {
        return state == State.DISCARD;
    }

    /** Returns whether the last request has been read whole, and nothing of another. */
    boolean isBetweenRequests() {
        return state == State.START;
    }

    private void fail(String detail) {
        fail(400, detail);
    }

    private void fail(int status, String detail) {
        boolean isInBody = isTrailer || state.compareTo(State.FIXED) >= 0;
        violation = new Violation(status, detail, isInBody);
    }

    private void step(int c) {
        switch (state) {
            case START -> start(c);
            case START_LF -> expectLineFeed(c, State.START);
            case METHOD -> method(c);
            case TARGET -> target(c);
            case VERSION -> version(c);
            case LINE_LF -> expectLineFeed(c, State.FIELD_START);
            case FIELD_START -> fieldStart(c);
            case NAME -> name(c);
            case VALUE_START, VALUE -> value(c);
            case VALUE_LF -> {
                expectLineFeed(c, State.FIELD_START);
                if (violation == null) {
                    fieldEnded();
                }
            }
            case END_LF -> {
                expectLineFeed(c, State.START);
                if (violation == null) {
                    headEnded();
                }
            }
            case SIZE_START, SIZE -> size(c);
            case EXTENSION, QUOTED, ESCAPED -> extension(c);
            case SIZE_LF -> {
                expectLineFeed(c, State.DATA);
                if (violation == null) {
                    chunkBegins();
                }
            }
            case DATA_CR -> {
                if (c == '\r') {
                    state = State.DATA_LF;
                } else {
                    fail("a chunk is not followed by CRLF");
                }
            }
            case DATA_LF -> {
                expectLineFeed(c, State.SIZE_START);
                lineLength = 0;
            }
            case FIXED, DATA, DISCARD -> throw new IllegalStateException("state " + state + " has no step");
        }
    }

    private void expectLineFeed(int c, State next) {
        if (c == '\n') {
            state = next;
        } else {
            fail("a line does not end with CRLF");
        }
    }

    private void start(int c) {
        if (c == '\r') {
            // RFC 9112, 2.2: empty lines before a request line are ignored.
            state = State.START_LF;
            return;
        }
        method.setLength(0);
        target.reset();
        minor = 0;
        fields = 0;
        hosts = 0;
        hasLength = false;
        length = 0;
        codings = null;
        closes = false;
        keepsAlive = false;
        isTrailer = false;
        chunks = 0;
        chunkBytes = 0;
        state = State.METHOD;
        method(c);
    }

    private void method(int c) {
        if (c == ' ' && !method.isEmpty()) {
            at = 0;
            state = State.TARGET;
        } else if (Syntax.isTokenCharacter(c)) {
            if (method.length() < MAX_NAME) {
                method.append((char) c);
            }
        } else {
            fail("the method is not a token");
        }
    }

    private void target(int c) {
        if (c == ' ' && at > 0) {
            if (!target.isComplete(method)) {
                fail("the request target is not a path or an absolute URL");
                return;
            }
            at = 0;
            state = State.VERSION;
        } else if (c > ' ' && c < 0x7f && c != '#') {
            at++;
            target.add(c);
        } else {
            fail("the request target contains a character that must be escaped");
        }
    }

    private void version(int c) {
        if (at < VERSION.length()) {
            if (c != VERSION.charAt(at)) {
                boolean isOtherMajor = at == 5 && c >= '0' && c <= '9';
                fail(isOtherMajor ? 505 : 400, "only HTTP/1.0, HTTP/1.1 and HTTP/2 are supported");
                return;
            }
            at++;
        } else if (at == VERSION.length()) {
            if (c < '0' || c > '9') {
                fail("the version is malformed");
                return;
            }
            if (c > '1') {
                fail(505, "only HTTP/1.0, HTTP/1.1 and HTTP/2 are supported");
                return;
            }
            minor = c - '0';
            at++;
        } else if (c == '\r') {
            state = State.LINE_LF;
        } else {
            fail("the request line does not end behind the version");
        }
    }

    private void fieldStart(int c) {
        if (c == '\r') {
            state = State.END_LF;
        } else if (c == ' ' || c == '\t') {
            fail(fields == 0 ? "white space before the first field" : "a field is folded");
        } else {
            name.setLength(0);
            state = State.NAME;
            name(c);
        }
        fields++;
    }

    private void name(int c) {
        countTrailer();
        if (c == ':' && !name.isEmpty()) {
            value.setLength(0);
            keepsValue = !isTrailer && decides();
            state = State.VALUE_START;
        } else if (Syntax.isTokenCharacter(c)) {
            if (name.length() < MAX_NAME) {
                name.append((char) (c >= 'A' && c <= 'Z' ? c + 32 : c));
            }
        } else {
            fail("a field name is empty or not a token");
        }
    }

    /** Returns whether the current field decides about framing or routing. */
    private boolean decides() {
        return switch (name.length()) {
            case 4 -> "host".contentEquals(name);
            case 10 -> "connection".contentEquals(name);
            case 14 -> "content-length".contentEquals(name);
            case 17 -> "transfer-encoding".contentEquals(name);
            default -> false;
        };
    }

    private void value(int c) {
        countTrailer();
        if (c == '\r') {
            state = State.VALUE_LF;
        } else if ((c < ' ' && c != '\t') || c == 0x7f) {
            fail("a field value contains a control character");
        } else if (state == State.VALUE_START && (c == ' ' || c == '\t')) {
            // Optional white space before the value.
        } else {
            state = State.VALUE;
            if (keepsValue) {
                if (value.length() == MAX_VALUE) {
                    fail("the field " + name + " is too long");
                    return;
                }
                value.append((char) c);
            }
        }
    }

    private void countTrailer() {
        if (isTrailer && ++lineLength > MAX_TRAILERS) {
            fail("the trailers are too large");
        }
    }

    private void fieldEnded() {
        if (!keepsValue) {
            return;
        }
        while (!value.isEmpty()
                && (value.charAt(value.length() - 1) == ' ' || value.charAt(value.length() - 1) == '\t')) {
            value.setLength(value.length() - 1);
        }
        switch (name.length()) {
            case 4 -> {
                hosts++;
                if (!Syntax.isAuthority(value)) {
                    fail("the field Host is not a host with an optional port");
                }
            }
            case 10 ->
                Syntax.forEachElement(value, option -> {
                    closes |= option.equals("close");
                    keepsAlive |= option.equals("keep-alive");
                });
            case 14 -> contentLength();
            default -> codings = codings == null ? value.toString() : codings + "," + value;
        }
    }

    private void contentLength() {
        boolean isNumber = !value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9');
        int zeros = 0;
        while (zeros < value.length() - 1 && value.charAt(zeros) == '0') {
            zeros++;
        }
        if (!isNumber || hasLength || value.length() - zeros > MAX_LENGTH_DIGITS) {
            fail(hasLength ? "the field Content-Length is repeated" : "the field Content-Length is not a length");
            return;
        }
        hasLength = true;
        length = Long.parseLong(value, zeros, value.length(), 10);
    }

    private void headEnded() {
        if (isTrailer) {
            messageEnded();
            return;
        }
        if (hosts > 1 || (hosts == 0 && minor == 1)) {
            failHead("exactly one field Host is required");
            return;
        }
        String announced = codings;
        if (announced != null) {
            if (minor == 0) {
                failHead("HTTP/1.0 has no Transfer-Encoding");
            } else if (hasLength) {
                failHead("Transfer-Encoding and Content-Length exclude each other");
            } else if (!Syntax.isChunkedAlone(announced)) {
                failHead("the only Transfer-Encoding that is supported is 'chunked', once");
            } else {
                requests++;
                isTrailer = true;
                lineLength = 0;
                state = State.SIZE_START;
            }
            return;
        }
        requests++;
        if (length > 0) {
            left = length;
            state = State.FIXED;
        } else {
            messageEnded();
        }
    }

    /** Fails at the last byte of a head, none of which may be passed on to a decoder. */
    private void failHead(String detail) {
        violation = new Violation(400, detail, false);
    }

    private void size(int c) {
        if (++lineLength > MAX_CHUNK_LINE) {
            fail("the size line of a chunk is too long");
            return;
        }
        int digit = Character.digit(c, 16);
        if (c < 0x80 && digit >= 0) {
            if (state == State.SIZE_START) {
                left = 0;
                digits = 0;
                state = State.SIZE;
            }
            digits += left == 0 && digit == 0 ? 0 : 1;
            if (digits > MAX_SIZE_DIGITS) {
                fail("the size of a chunk is too large");
                return;
            }
            left = left * 16 + digit;
        } else if (state == State.SIZE && c == '\r') {
            state = State.SIZE_LF;
        } else if (state == State.SIZE && c == ';') {
            state = State.EXTENSION;
        } else {
            fail("the size of a chunk is not a hexadecimal number");
        }
    }

    private void extension(int c) {
        if (++lineLength > MAX_CHUNK_LINE) {
            fail("the size line of a chunk is too long");
        } else if ((c < ' ' && c != '\t' && !(c == '\r' && state == State.EXTENSION)) || c == 0x7f) {
            fail("a chunk extension contains a control character");
        } else if (state == State.ESCAPED) {
            state = State.QUOTED;
        } else if (c == '"') {
            state = state == State.QUOTED ? State.EXTENSION : State.QUOTED;
        } else if (state == State.QUOTED) {
            state = c == '\\' ? State.ESCAPED : State.QUOTED;
        } else if (c == '\r') {
            state = State.SIZE_LF;
        }
    }

    private void chunkBegins() {
        chunks++;
        chunkBytes += left;
        if (left == 0) {
            lineLength = 0;
            state = State.FIELD_START;
        }
    }

    private void bodyPartEnded() {
        if (state == State.DATA) {
            state = State.DATA_CR;
        } else {
            messageEnded();
        }
    }

    private void messageEnded() {
        boolean isLast = closes || (minor == 0 && !keepsAlive);
        state = isLast ? State.DISCARD : State.START;
    }
}
