package io.lynx.http.client.engine.pool;

import io.lynx.transport.OutgoingConnection;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** The connections of a pool that can carry another call, the one used last at the end. The pool's lock guards it. */
final class FreeConnections {
    private final Deque<PooledConnection> free = new ArrayDeque<>();

    boolean isEmpty() {
        return free.isEmpty();
    }

    /** Takes a place on the connection that was used last; null if there is none. */
    @Nullable
    PooledConnection take() {
        for (PooledConnection last = poll(true); last != null; last = poll(true)) {
            int left = last.free();
            if (left > 0) {
                last.calls++;
                if (left > 1) {
                    add(last);
                }
                return last;
            }
        }
        return null;
    }

    private @Nullable PooledConnection poll(boolean isLast) {
        PooledConnection polled = isLast ? free.pollLast() : free.pollFirst();
        if (polled != null) {
            polled.isFree = false;
        }
        return polled;
    }

    void add(PooledConnection pooled) {
        if (!pooled.isFree) {
            pooled.isFree = true;
            free.addLast(pooled);
        }
    }

    void remove(PooledConnection pooled) {
        if (pooled.isFree) {
            pooled.isFree = false;
            boolean _ = free.remove(pooled);
        }
    }

    /** Closes the connection that was unused for longest; returns null if there is none. */
    @Nullable
    PooledConnection closeOldest() {
        PooledConnection oldest = poll(false);
        if (oldest != null) {
            close(oldest);
        }
        return oldest;
    }

    /** Closes the connections that carry no call and were used last before {@code instant}, a reading of the ticker. */
    void closeIdleBefore(long instant) {
        for (Iterator<PooledConnection> all = free.iterator(); all.hasNext(); ) {
            PooledConnection pooled = all.next();
            if (pooled.calls == 0 && pooled.idleSince - instant <= 0) {
                all.remove();
                pooled.isFree = false;
                close(pooled);
            }
        }
    }

    /** Closes the connections that carry no call, and lists none any more. */
    void close() {
        for (PooledConnection pooled = poll(false); pooled != null; pooled = poll(false)) {
            if (pooled.calls == 0) {
                close(pooled);
            }
        }
    }

    static void close(PooledConnection pooled) {
        OutgoingConnection established = pooled.connection;
        if (established != null) {
            established.close();
        }
    }

    /** Returns the number of connections that carry no call. */
    int idle() {
        int idle = 0;
        for (PooledConnection pooled : free) {
            idle += pooled.calls == 0 ? 1 : 0;
        }
        return idle;
    }
}
