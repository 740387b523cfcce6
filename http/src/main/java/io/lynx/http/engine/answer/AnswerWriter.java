package io.lynx.http.engine.answer;

import io.lynx.http.engine.telemetry.EndStatus;
import io.lynx.transport.Stream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Writes the answer to one request. Either the handler or the event loop {@linkplain #claim claims} it; what the other one
 * writes then has no effect. Thread-safe; one thread at a time writes what it has claimed.
 */
public final class AnswerWriter extends AnswerProgress {
    /** The body of an answer without one. */
    public static final byte[] NOTHING = new byte[0];

    private static final int UNKNOWN = -1;

    private final Stream stream;
    private final boolean isHead;
    private boolean claimed;
    private long declared = UNKNOWN;
    private long written;
    private boolean isBodiless;
    private boolean isWrong;
    private boolean isLongLived;
    private @Nullable GzipEncoder encoder;

    /** A writer of the answer to {@code stream}. */
    public AnswerWriter(AnswerRules rules, Stream stream) {
        super(rules);
        this.stream = stream;
        this.isHead = stream.head().method().equals("HEAD");
    }

    /** Claims the answer; returns whether the caller was the first to do so and writes it. */
    synchronized boolean claim() {
        if (claimed) {
            return false;
        }
        claimed = true;
        return true;
    }

    public synchronized boolean isClaimed() {
        return claimed;
    }

    /**
     * Sends a whole answer.
     *
     * @param mayWait whether the caller may wait for a slow client; a large body is then written in pieces
     */
    public void send(AnswerHeaders answer, byte[] bytes, boolean mayWait) {
        if (!claim()) {
            return;
        }
        int status = answer.ownStatus();
        answers(status);
        isBodiless = isBodiless(status);
        byte[] body = isBodiless ? NOTHING : bytes;
        boolean inPieces = body.length > WriteBuffer.PIECE && mayWait && !isHead;
        encode(answer, body.length, mayWait || body.length <= Compression.MOST_ON_EVENT_LOOP);
        boolean isLengthSent = (inPieces || (isHead && !isBodiless) || status == 205) && !isGzip;
        stream.answer(status, answer.headersToSend(stream), isLengthSent ? body.length : UNKNOWN, inPieces && isGzip);
        if (inPieces) {
            sendInPieces(body);
            return;
        }
        GzipEncoder gzip = encoder;
        byte[] sent = gzip == null ? body : gzip.last(body, 0, body.length);
        completed(isHead ? 0 : body.length);
        if (body.length == 0 || isHead) {
            stream.end();
        } else {
            stream.end(sent);
        }
    }

    private void sendInPieces(byte[] body) {
        WriteBuffer pieces = new WriteBuffer();
        beginsInPieces(pieces);
        try {
            for (int at = 0; at < body.length; at += WriteBuffer.PIECE) {
                write(pieces, body, at, Math.min(WriteBuffer.PIECE, body.length - at));
            }
        } catch (IOException clientGone) {
            stream.abort();
            return;
        }
        written = body.length;
        finish();
    }

    /** Decides whether the body is compressed, which the headers tell. */
    private void encode(AnswerHeaders answer, long length, boolean mayCompress) {
        Compression compression = rules().compression();
        boolean isEmpty = isBodiless && status() != 304;
        if (compression == null
                || isEmpty
                || !compression.applies(stream.head(), answer, status(), length)
                || !mayCompress) {
            return;
        }
        encoder = isHead ? null : compression.open();
        if (isHead || encoder != null) {
            isGzip = true;
            answer.isGzipped();
        }
    }

    /** The answer is a long-lived one: a compressor of its own for so long would cost too much. */
    void longLived() {
        isLongLived = true;
    }

    /** Nothing is written any more. */
    public void release() {
        GzipEncoder gzip = encoder;
        if (gzip != null) {
            gzip.close();
        }
    }

    /**
     * Sends the head; pieces follow.
     *
     * @throws IOException if the client has gone or the request was answered already
     * @throws IllegalStateException if the declared {@code Content-Length} is not a length; nothing is sent then
     */
    void begin(AnswerHeaders answer) throws IOException {
        begin(answer, new WriteBuffer());
    }

    /** Sends the head; pieces follow, which wait in {@code pieces}. */
    void begin(AnswerHeaders answer, WriteBuffer pieces) throws IOException {
        declared = answer.declaredLength();
        if (!claim()) {
            throw gone();
        }
        int status = answer.ownStatus();
        answers(status);
        isBodiless = isBodiless(status);
        beginsInPieces(pieces);
        encode(answer, declared, !isLongLived);
        stream.answer(status, answer.headersToSend(stream), isBodiless || isGzip ? UNKNOWN : declared, !isBodiless);
    }

    /** The connection switches to another protocol, whose bytes wait in {@code pieces}; returns whether the caller writes them. */
    public boolean beginSwitch(WriteBuffer pieces) {
        if (!claim()) {
            return false;
        }
        answers(EndStatus.SWITCHED);
        beginsInPieces(pieces);
        return true;
    }

    /**
     * Sends a piece; waits while the client is slow.
     *
     * @throws IOException if the client has gone
     * @throws IllegalStateException if it is longer than the declared {@code Content-Length} allows
     */
    void write(byte[] piece) throws IOException {
        WriteBuffer pieces = pieces();
        if (pieces == null) {
            throw gone();
        }
        if (isHead || isBodiless) {
            return;
        }
        written += piece.length;
        if (declared >= 0 && written > declared) {
            isWrong = true;
            throw new IllegalStateException(
                    "response: " + written + " bytes or more were written, but its Content-Length is " + declared
                            + "; declare the length of what is written");
        }
        write(pieces, piece, 0, piece.length);
    }

    private void write(WriteBuffer pieces, byte[] bytes, int at, int length) throws IOException {
        GzipEncoder gzip = encoder;
        if (gzip == null) {
            transfer(pieces, bytes, at, length);
        } else {
            byte[] compressed = gzip.piece(bytes, at, length);
            transfer(pieces, compressed, 0, compressed.length);
        }
    }

    private void transfer(WriteBuffer pieces, byte[] bytes, int at, int length) throws IOException {
        pieces.reserve(length, now());
        writeReserved(pieces, bytes, at, length);
    }

    /** Sends a piece for which room was taken in {@code pieces}. It never waits. */
    public void writeReserved(WriteBuffer pieces, byte[] bytes, int at, int length) {
        stream.write(bytes, at, length, succeeded -> {
            if (succeeded) {
                pieces.written(length, now());
            } else {
                pieces.fail();
            }
        });
    }

    /**
     * Completes an answer that was sent in pieces.
     *
     * @throws IllegalStateException if fewer bytes were written than its {@code Content-Length} declares
     */
    public void end() {
        WriteBuffer pieces = pieces();
        if (pieces != null && pieces.isBroken()) {
            return;
        }
        if (isWrong || (declared > written && !isHead && !isBodiless)) {
            throw new IllegalStateException("response: " + written + " bytes were written, but its Content-Length is "
                    + declared + "; declare the length of what is written");
        }
        finish();
    }

    private void finish() {
        GzipEncoder gzip = encoder;
        byte[] last = gzip == null ? NOTHING : gzip.last(NOTHING, 0, 0);
        completed(written);
        if (last.length == 0) {
            stream.end();
        } else {
            stream.end(last);
        }
    }

    /** The reading of the server's ticker. */
    public long now() {
        return rules().now();
    }

    /** RFC 9110, 6.4.1 and 15.3.6: answers of these statuses have no content. */
    static boolean isBodiless(int status) {
        return status == 204 || status == 205 || status == 304;
    }

    /** Makes present and later writes throw an exception, since the client takes nothing more. */
    public void fail() {
        boolean _ = claim();
        WriteBuffer pieces = pieces();
        if (pieces != null) {
            pieces.fail();
        }
    }

    private static IOException gone() {
        return new IOException("client gone: nothing can be written to the answer any more");
    }
}
