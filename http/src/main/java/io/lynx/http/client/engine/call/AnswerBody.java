package io.lynx.http.client.engine.call;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Arrays;

/**
 * The bytes of an answer that have arrived and were not taken, in one array: pieces of a byte each, as a hostile server sends
 * them, cost no more than one large piece. Thread-safe.
 */
final class AnswerBody {
    private static final byte[] NONE = {};
    private static final int LEAST = 1024;

    @GuardedBy("this")
    private byte[] bytes = NONE;

    @GuardedBy("this")
    private int from;

    @GuardedBy("this")
    private int to;

    /** Adds a piece, which is not changed any more; returns how many bytes wait then. */
    synchronized int add(byte[] piece) {
        if (from == to) {
            bytes = piece;
            from = 0;
            to = piece.length;
            return to;
        }
        int waiting = to - from;
        if (bytes.length - to < piece.length) {
            byte[] larger = new byte[Math.max(LEAST, Math.max(2 * waiting, waiting + piece.length))];
            System.arraycopy(bytes, from, larger, 0, waiting);
            bytes = larger;
            from = 0;
            to = waiting;
        }
        System.arraycopy(piece, 0, bytes, to, piece.length);
        to += piece.length;
        return to - from;
    }

    /** Returns how many bytes wait. */
    synchronized int size() {
        return to - from;
    }

    /** Takes up to {@code length} bytes; returns how many were taken. */
    synchronized int take(byte[] target, int offset, int length) {
        int count = Math.min(length, to - from);
        System.arraycopy(bytes, from, target, offset, count);
        from += count;
        return count;
    }

    /** Takes everything. */
    synchronized byte[] takeAll() {
        byte[] all = from == 0 && to == bytes.length ? bytes : Arrays.copyOfRange(bytes, from, to);
        bytes = NONE;
        from = 0;
        to = 0;
        return all;
    }
}
