package io.lynx.http.engine.answer;

import org.jspecify.annotations.Nullable;

/**
 * How far the answer to one request has come. One thread at a time writes it, any thread reads it. It is a part of the
 * {@link AnswerWriter}, not an object of its own, to save an allocation.
 */
abstract class AnswerProgress {
    private final AnswerRules rules;

    /** Whether the body is sent as gzip. */
    boolean isGzip;

    private volatile int status;
    private volatile long size;
    private volatile long begunAt;
    private volatile long completedAt;
    private volatile boolean complete;
    private volatile @Nullable WriteBuffer buffer;

    AnswerProgress(AnswerRules rules) {
        this.rules = rules;
    }

    final AnswerRules rules() {
        return rules;
    }

    /** The answer has this status; it begins to be sent. */
    final void answers(int answered) {
        status = answered;
    }

    /** The head is being sent; pieces of the body follow, which wait in {@code pieces}. */
    final void beginsInPieces(WriteBuffer pieces) {
        buffer = pieces;
        begunAt = rules.now();
    }

    /**
     * The whole answer is handed to the transport.
     *
     * @param bytes the length of its body before compression
     */
    final void completed(long bytes) {
        size = bytes;
        completedAt = rules.now();
        complete = true;
    }

    /** What waits for the client; null if the answer is not sent in pieces. */
    final @Nullable WriteBuffer pieces() {
        return buffer;
    }

    /** The status that was sent; 0 before that. */
    public final int status() {
        return status;
    }

    /** Whether the whole answer was handed to the transport. */
    public final boolean isComplete() {
        return complete;
    }

    /** Whether the client has gone while pieces were being written. */
    public final boolean isBroken() {
        WriteBuffer pieces = buffer;
        return pieces != null && pieces.isBroken();
    }

    /** Whether the client has taken nothing for longer than {@code limit}. Called periodically, on the event loop. */
    public final boolean isStalled(long now, long limit) {
        WriteBuffer pieces = buffer;
        if (pieces != null) {
            pieces.checked(now);
        }
        return (complete && now - completedAt > limit) || (pieces != null && pieces.isStalled(now, limit));
    }

    /** When the answer began, or {@code now} if it has not. */
    public final long begunAt(long now) {
        return begunAt != 0 ? begunAt : complete ? completedAt : now;
    }

    /** How many bytes of another protocol were received. */
    public final long received() {
        WriteBuffer pieces = buffer;
        return pieces == null ? 0 : pieces.received();
    }

    /** How many bytes of the body were sent; before compression, if all were. */
    public final long sent() {
        WriteBuffer pieces = buffer;
        return pieces == null || (complete && isGzip) ? size : pieces.sent();
    }
}
