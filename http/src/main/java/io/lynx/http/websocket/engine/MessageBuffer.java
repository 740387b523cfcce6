package io.lynx.http.websocket.engine;

import io.lynx.http.websocket.WebSocketException;
import java.util.Arrays;

/** Assembles one message after the other from pieces; it holds memory for what has arrived, not for what was announced. Not thread-safe. */
final class MessageBuffer {
    private static final byte[] EMPTY = {};
    private static final int LEAST = 256;

    private final MessageMemory memory;
    private final int most;
    private byte[] bytes = EMPTY;
    private int size;

    /** A buffer for messages of {@code most} bytes at most, which the caller enforces. */
    MessageBuffer(int most, MessageMemory memory) {
        this.most = most;
        this.memory = memory;
    }

    /**
     * Adds a piece.
     *
     * @param whole how long the message will be; negative if that is not known
     * @throws WebSocketException if all sockets together hold too much
     */
    void add(byte[] piece, int from, int count, long whole) {
        int needed = size + count;
        if (needed > bytes.length) {
            long doubled = Math.max(LEAST, 2L * bytes.length);
            int capacity = (int) Math.max(needed, Math.min(whole < 0 ? most : whole, doubled));
            memory.take(capacity - bytes.length, capacity);
            bytes = Arrays.copyOf(bytes, capacity);
        }
        System.arraycopy(piece, from, bytes, size, count);
        size = needed;
    }

    int size() {
        return size;
    }

    /** Returns the message, whose memory the caller gives back; the next one follows. */
    byte[] complete() {
        byte[] whole = size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
        memory.release(bytes.length - size);
        bytes = EMPTY;
        size = 0;
        return whole;
    }

    /** Drops what has arrived. */
    void clear() {
        memory.release(bytes.length);
        bytes = EMPTY;
        size = 0;
    }
}
