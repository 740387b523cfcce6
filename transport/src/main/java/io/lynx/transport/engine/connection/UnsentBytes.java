package io.lynx.transport.engine.connection;

import io.lynx.transport.LogLimit;
import io.lynx.transport.LogThread;
import java.util.Collection;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds the answers that wait in memory because clients do not read them, over all connections of a listener together. Beyond a
 * share of the heap, the connection that holds the most is closed. The event loop that closes it may be late, so that beyond twice the
 * share nothing more is kept for connections that hold more than others. Thread-safe.
 */
final class UnsentBytes {
    private static final Logger LOG = LoggerFactory.getLogger(UnsentBytes.class);
    private static final long LEAST = 16L * 1024 * 1024;
    private static final int SHARE = 8;
    private static final int HARD_LIMIT = 2;

    private final long most;
    private final AtomicLong total = new AtomicLong();
    private final AtomicBoolean relieving = new AtomicBoolean();
    private final LogLimit logs;

    UnsentBytes(LogLimit logs) {
        this(logs, Math.max(LEAST, Runtime.getRuntime().maxMemory() / SHARE));
    }

    /** @param most that may wait, in bytes */
    UnsentBytes(LogLimit logs, long most) {
        this.most = most;
        this.logs = logs;
    }

    /** {@code bytes} more wait, or fewer if it is negative; returns whether they are too many. */
    boolean add(long bytes) {
        return total.addAndGet(bytes) > most;
    }

    /**
     * Returns whether nothing more may be kept for a connection. A connection that holds no more than an equal part of what is allowed is
     * never refused.
     *
     * @param own what waits for it, in bytes
     * @param connections how many there are
     */
    boolean isRefused(long own, int connections) {
        return total.get() > HARD_LIMIT * most && own > most / Math.max(1, connections);
    }

    /** Closes the connection that holds the most, unless one is being closed, whose bytes are about to be freed. */
    void relieve(Collection<Connection> connections) {
        if (relieving.compareAndSet(false, true)) {
            connections.stream()
                    .filter(connection -> connection.unsent() > 0)
                    .max(Comparator.comparingLong(Connection::unsent))
                    .ifPresentOrElse(connection -> close(connection), () -> relieving.set(false));
        }
    }

    /** Called by one thread at a time, while {@link #relieving}. */
    private void close(Connection connection) {
        if (logs.acquire("unsent answers") >= 0) {
            long unsent = connection.unsent();
            LogThread.write(() -> LOG.atWarn()
                    .addKeyValue("unsent_bytes", unsent)
                    .addKeyValue("limit_bytes", most)
                    .log("Closed a connection whose client does not read its answers; all answers that wait exceeded"
                            + " their share of the heap"));
        }
        connection.execute(() -> {
            try {
                connection.closeNow();
            } finally {
                // Its bytes count until its streams have ended, which is a later task.
                connection.afterClose(() -> relieving.set(false));
            }
        });
    }
}
