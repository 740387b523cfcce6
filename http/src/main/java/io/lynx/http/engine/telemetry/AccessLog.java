package io.lynx.http.engine.telemetry;

import io.lynx.extension.UserCode;
import io.lynx.http.AccessLogFormat;
import io.lynx.http.HttpConfig;
import io.lynx.metrics.Catalogue;
import io.lynx.metrics.ProductionMetrics;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes requests that have ended to the logger {@code lynx.access}, on a thread of its own, which exists only while there are lines
 * to write. The thread gathers lines for a moment before it writes them, since to wake it for each costs more than the line does. At most
 * {@value #MOST_WAITING} lines wait for it; further ones are dropped and counted, so that a log that is slow or hangs holds up no
 * request. Thread-safe.
 */
public final class AccessLog implements AutoCloseable {
    static final int MOST_WAITING = 8192;
    private static final Logger LOG = LoggerFactory.getLogger("lynx.access");
    private static final long IDLE_SECONDS = 10;
    private static final long LAST_LINES_SECONDS = 1;
    private static final long GATHER_MILLIS = 10;

    private final AccessLogFormat format;
    private final InstantSource clock;
    private final LongConsumer dropped;
    private final ArrayBlockingQueue<AccessEntry> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final AtomicBoolean isWriting = new AtomicBoolean();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final ThreadPoolExecutor thread;
    private final Runnable writer = this::writeWaiting;

    /**
     * Creates an access log, whose thread does not run yet.
     *
     * @param threads makes the thread
     * @param dropped receives how many lines are dropped
     */
    AccessLog(AccessLogFormat format, ThreadFactory threads, InstantSource clock, LongConsumer dropped) {
        this.format = format;
        this.clock = clock;
        this.dropped = dropped;
        this.thread = new ThreadPoolExecutor(
                0, 1, IDLE_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(1), threads, (_, _) -> drop());
    }

    /**
     * Returns the access log of a server.
     *
     * @return null if its configuration turns it off
     */
    public static @Nullable AccessLog of(
            HttpConfig config, String server, InstantSource clock, @Nullable ProductionMetrics metrics) {
        if (config.accessLog() == AccessLogFormat.OFF) {
            return null;
        }
        LongConsumer dropped = _ -> {};
        if (metrics != null) {
            dropped = metrics.registry().counter(Catalogue.ACCESS_LOG_DROPPED, server)::add;
        }
        ThreadFactory threads =
                Thread.ofPlatform().name("lynx-access-log-" + server).daemon().factory();
        return new AccessLog(config.accessLog(), threads, clock, dropped);
    }

    /** Whether lines are written, by the level of the logger. */
    public boolean isEnabled() {
        return LOG.isInfoEnabled();
    }

    public InstantSource clock() {
        return clock;
    }

    /** Writes {@code entry} soon. Does not wait and does not throw. */
    public void write(AccessEntry entry) {
        if (!waiting.offer(entry)) {
            dropped.accept(1);
        } else if (!isWriting.get() && isWriting.compareAndSet(false, true)) {
            wakeWriter();
        }
    }

    private void wakeWriter() {
        try {
            thread.execute(writer);
        } catch (OutOfMemoryError noThread) {
            // The system has no thread to spare. The next entry tries again, and this one is written with it.
            boolean _ = thread.remove(writer);
            isWriting.set(false);
        }
    }

    private void writeWaiting() {
        do {
            try {
                gather();
                for (AccessEntry entry = waiting.poll(); entry != null; entry = waiting.poll()) {
                    line(entry);
                }
            } finally {
                isWriting.set(false);
            }
        } while (!waiting.isEmpty() && isWriting.compareAndSet(false, true));
    }

    private void gather() {
        try {
            boolean _ = closing.await(GATHER_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void line(AccessEntry entry) {
        boolean isWritten = UserCode.run(
                () -> {
                    if (format == AccessLogFormat.COMMON) {
                        LOG.info("{}", entry.combined());
                    } else {
                        entry.write(LOG.atInfo());
                    }
                },
                _ -> {});
        if (!isWritten) {
            dropped.accept(1);
        }
    }

    /** Drops the lines that wait, and counts them. */
    private void drop() {
        long count = 0;
        while (waiting.poll() != null) {
            count++;
        }
        if (count > 0) {
            dropped.accept(count);
        }
    }

    /** Writes the lines that are left, for a second at most; the rest is dropped and counted. */
    @Override
    public void close() {
        closing.countDown();
        thread.shutdown();
        try {
            if (thread.awaitTermination(LAST_LINES_SECONDS, TimeUnit.SECONDS)) {
                drop();
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        List<Runnable> _ = thread.shutdownNow();
        drop();
    }
}
