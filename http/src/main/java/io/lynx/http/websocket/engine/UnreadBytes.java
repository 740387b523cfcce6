package io.lynx.http.websocket.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** What has arrived while nothing is to be read: the rest of one read of the connection, rarely of a few. Belongs to the event loop. */
final class UnreadBytes {
    private @Nullable Deque<byte[]> pieces;

    /** The first byte of the first piece that is unread. */
    private int from;

    private int takenFrom;

    boolean isEmpty() {
        return pieces == null;
    }

    /** Adds what has arrived if something before it is unread; returns whether it did. */
    boolean addIfAny(byte[] bytes) {
        Deque<byte[]> waiting = pieces;
        if (waiting == null) {
            return false;
        }
        waiting.addLast(bytes);
        return true;
    }

    /** Puts the rest of a piece in front. */
    void put(byte[] bytes, int unreadFrom) {
        Deque<byte[]> waiting = pieces == null ? new ArrayDeque<>(2) : pieces;
        pieces = waiting;
        waiting.addFirst(bytes);
        from = unreadFrom;
    }

    /** Takes the first piece, which is unread from {@link #takenFrom} on. */
    byte[] take() {
        Deque<byte[]> waiting = pieces;
        if (waiting == null) {
            throw new IllegalStateException("unread bytes: there are none");
        }
        byte[] first = waiting.removeFirst();
        takenFrom = from;
        from = 0;
        if (waiting.isEmpty()) {
            pieces = null;
        }
        return first;
    }

    int takenFrom() {
        return takenFrom;
    }

    void clear() {
        pieces = null;
        from = 0;
    }
}
