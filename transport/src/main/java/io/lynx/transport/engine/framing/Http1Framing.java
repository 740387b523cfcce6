package io.lynx.transport.engine.framing;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;
import org.jspecify.annotations.Nullable;

/*
 * Two parsers that disagree about where a message ends let a client smuggle a request past the one in front. So this one is
 * strict, and what it passes on has one reading only:
 *
 *   REQUEST LINE ─▶ FIELDS ─▶ HEAD END ─┬▶ (no body) ──────────────▶ REQUEST LINE, or DISCARD after "Connection: close"
 *                                       ├▶ FIXED body ────────────▶
 *                                       └▶ CHUNK LINE ─▶ DATA ─▶ … ─▶ TRAILERS ─▶
 *
 * Sizes of heads and bodies are limited elsewhere.
 */

/**
 * Checks the framing of the HTTP/1.1 requests of one connection, byte by byte and ahead of the decoder (RFC 9112). It buffers
 * nothing, and changes nothing but an unknown minor version, which the decoder would refuse. Not thread-safe; an instance belongs to the event loop of its connection.
 */
public final class Http1Framing {
    /**
     * What a request does wrong.
     *
     * @param status the status of the answer: 400, or 505 for a version
     * @param detail a sentence for the answer
     * @param isInBody whether the head of the request was good and has been passed on
     */
    public record Violation(int status, String detail, boolean isInBody) {}

    private static final int COPIED = 4096;

    /** Where each event loop copies bytes to: reading a buffer byte by byte would check it at each of them. */
    private static final FastThreadLocal<byte[]> COPY = new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
            return new byte[COPIED];
        }
    };

    private enum State {
        START,
        START_LF,
        LINE,
        LINE_LF,
        FIELD_START,
        FIELD,
        FIELD_LF,
        END_LF,
        FIXED,
        CHUNK_LINE,
        CHUNK_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        HELD,
        DISCARD
    }

    private final RequestLine line = new RequestLine();
    private final FramingFields fields = new FramingFields();
    private final ChunkLine chunk = new ChunkLine();
    private State state = State.START;
    private int requests;
    private long left;
    private @Nullable Violation violation;

    /**
     * Examines the readable bytes of {@code in} without reading them. Replaces an unknown minor version by the highest one that is
     * supported.
     *
     * @return how many of them may be passed on: those before a violation, and before what follows the last request or is held
     */
    int examine(ByteBuf in) {
        int start = in.readerIndex();
        int end = in.writerIndex();
        int index = start;
        while (index < end && violation == null && state != State.HELD && state != State.DISCARD) {
            if (state == State.FIXED || state == State.DATA) {
                int taken = (int) Math.min(left, end - index);
                left -= taken;
                index += taken;
                if (left == 0) {
                    bodyPartEnded();
                }
            } else {
                byte[] copy = COPY.get();
                int count = Math.min(end - index, COPIED);
                in.getBytes(index, copy, 0, count);
                index += stepThrough(in, index, copy, count);
            }
        }
        return index - start;
    }

    /**
     * Takes the first {@code count} bytes, which are those of {@code in} from {@code start} on, until a body, a violation or the last
     * request's end; returns how many may be passed on.
     */
    private int stepThrough(ByteBuf in, int start, byte[] bytes, int count) {
        int index = 0;
        while (index < count) {
            index = skip(bytes, index, count);
            if (index == count) {
                return count;
            }
            step(bytes[index] & 0xff);
            if (state == State.LINE && line.isUnknownMinor()) {
                in.setByte(start + index, '1');
            }
            if (violation != null) {
                return index;
            }
            index++;
            if (state == State.FIXED || state == State.DATA || state == State.HELD || state == State.DISCARD) {
                return index;
            }
        }
        return count;
    }

    /** Takes the bytes that change no state, many at once: most of a head are such. Returns the index of the first other one. */
    private int skip(byte[] bytes, int from, int to) {
        return switch (state) {
            case LINE -> line.skip(bytes, from, to);
            case FIELD -> fields.skip(bytes, from, to);
            default -> from;
        };
    }

    /** Returns what was wrong; null if nothing was. Nothing that follows a violation may be passed on. */
    @Nullable
    Violation violation() {
        return violation;
    }

    /** Returns whether the chunks of the current body are so small that they cost much more time than their length suggests. */
    boolean hasTinyChunks() {
        return chunk.areTiny();
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
        return state == State.START || state == State.HELD;
    }

    /** Returns whether the server may switch to another protocol, so that nothing is examined until {@link #proceed}. */
    boolean isHeld() {
        return state == State.HELD;
    }

    /** The server has not switched: what follows is HTTP. */
    void proceed() {
        if (state == State.HELD) {
            state = State.START;
        }
    }

    private void step(int c) {
        switch (state) {
            case START -> start(c);
            case START_LF -> lineFeed(c, State.START);
            case LINE -> {
                switch (line.step(c)) {
                    case MORE -> {}
                    case DONE -> state = State.LINE_LF;
                    case FAILED -> fail(line.status(), line.detail());
                }
            }
            case LINE_LF -> lineFeed(c, State.FIELD_START);
            case FIELD_START -> {
                switch (fields.start(c)) {
                    case MORE -> state = State.FIELD;
                    case DONE -> state = State.END_LF;
                    case FAILED -> fail(fields.detail());
                }
            }
            case FIELD -> {
                switch (fields.step(c)) {
                    case MORE -> {}
                    case DONE -> state = State.FIELD_LF;
                    case FAILED -> fail(fields.detail());
                }
            }
            case FIELD_LF -> {
                if (lineFeed(c, State.FIELD_START) && !fields.isFieldAllowed()) {
                    fail(fields.detail());
                }
            }
            case END_LF -> {
                if (lineFeed(c, State.START)) {
                    headEnded();
                }
            }
            case CHUNK_LINE -> {
                switch (chunk.step(c)) {
                    case MORE -> {}
                    case DONE -> state = State.CHUNK_LF;
                    case FAILED -> fail(chunk.detail());
                }
            }
            case CHUNK_LF -> {
                if (lineFeed(c, State.DATA)) {
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
                boolean _ = lineFeed(c, State.CHUNK_LINE);
                chunk.begin();
            }
            case FIXED, DATA, HELD, DISCARD -> throw new IllegalStateException("state " + state + " has no step");
        }
    }

    private void fail(String detail) {
        fail(400, detail);
    }

    private void fail(int status, String detail) {
        violation = new Violation(status, detail, fields.isTrailer());
    }

    @CanIgnoreReturnValue
    private boolean lineFeed(int c, State next) {
        if (c == '\n') {
            state = next;
            return true;
        }
        fail("a line does not end with CRLF");
        return false;
    }

    private void start(int c) {
        if (c == '\r') {
            // RFC 9112, 2.2: empty lines before a request line are ignored.
            state = State.START_LF;
            return;
        }
        line.begin();
        state = State.LINE;
        step(c);
    }

    private void headEnded() {
        if (fields.isTrailer()) {
            messageEnded();
        } else if (!fields.isHeadAllowed(line.minor())) {
            // None of the bytes of such a head may be passed on to a decoder whole.
            fail(fields.detail());
        } else {
            requests++;
            bodyBegins();
        }
    }

    private void bodyBegins() {
        if (fields.isChunked()) {
            chunk.beginBody();
            fields.beginTrailers();
            state = State.CHUNK_LINE;
        } else if (fields.length() > 0) {
            left = fields.length();
            state = State.FIXED;
        } else {
            messageEnded();
        }
    }

    private void chunkBegins() {
        left = chunk.size();
        if (left == 0) {
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
        State behind = fields.maySwitch() ? State.HELD : State.START;
        state = fields.isLast(line.minor()) ? State.DISCARD : behind;
        fields.begin();
    }
}
