package io.lynx.transport.engine.connection;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Sockets without a connection that the management listener keeps open. When the process has no file descriptor left, one of them is
 * closed in favour of a connection, so that probes and scrapes are answered all the same. Thread-safe.
 */
final class SpareDescriptors {
    /** For two probes and two others at a time. */
    private static final int MOST = 4;

    @GuardedBy("this")
    private final Deque<SocketChannel> spares = new ArrayDeque<>();

    @GuardedBy("this")
    private boolean isClosed;

    /** Opens as many as are missing, or as there are descriptors for. */
    synchronized void refill() {
        try {
            while (!isClosed && spares.size() < MOST) {
                spares.push(SocketChannel.open());
            }
        } catch (IOException exhausted) {
            // The next connection that closes leaves a descriptor.
        }
    }

    /** Closes one; returns false if there is none. */
    synchronized boolean release() throws IOException {
        SocketChannel spare = spares.poll();
        if (spare == null) {
            return false;
        }
        spare.close();
        return true;
    }

    /** Closes all of them, for good. */
    synchronized void close() throws IOException {
        isClosed = true;
        while (release()) {
            // until there is none
        }
    }
}
