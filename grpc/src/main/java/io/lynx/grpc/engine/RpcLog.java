package io.lynx.grpc.engine;

import io.lynx.extension.UserCode;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Writes calls that have ended to the logger {@code lynx.access}, on a thread of its own, which exists only while there are lines to
 * write. At most {@value #MOST_WAITING} lines wait for it; further ones are dropped and counted, so that a log that is slow or hangs
 * holds up no call. Thread-safe.
 */
public final class RpcLog implements AutoCloseable {
    static final int MOST_WAITING = 8192;

    private static final Logger LOG = LoggerFactory.getLogger("lynx.access");
    private static final int LONGEST = 1024;
    private static final long IDLE_SECONDS = 10;
    private static final long LAST_LINES_SECONDS = 1;

    private final LongConsumer dropped;
    private final ThreadPoolExecutor thread;

    /**
     * A log, whose thread does not run yet.
     *
     * @param dropped receives how many lines are dropped
     */
    public RpcLog(LongConsumer dropped) {
        this.dropped = dropped;
        this.thread = new ThreadPoolExecutor(
                0,
                1,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MOST_WAITING),
                Thread.ofPlatform().name("lynx-access-log-grpc").daemon().factory(),
                (_, _) -> dropped.accept(1));
    }

    /**
     * One call. Immutable.
     *
     * @param path as the client sent it
     * @param route the full name of the method; empty if it is not known
     */
    record Entry(
            String requestId,
            String traceId,
            String user,
            String client,
            String path,
            String route,
            String status,
            long requestBytes,
            long responseBytes,
            long nanos,
            String userAgent) {
        /** Does not keep what is not shown. */
        Entry {
            path = cut(path);
            userAgent = cut(userAgent);
        }

        private static String cut(String text) {
            return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
        }

        private void write() {
            LoggingEventBuilder line = LOG.atInfo().addKeyValue("request_id", plain(requestId));
            line = traceId.isEmpty() ? line : line.addKeyValue("trace_id", traceId);
            line = user.isEmpty() ? line : line.addKeyValue("user", plain(user));
            line.addKeyValue("client", plain(client))
                    .addKeyValue("method", "POST")
                    .addKeyValue("path", plain(path))
                    .addKeyValue("route", route)
                    .addKeyValue("protocol", "grpc")
                    .addKeyValue("status", status)
                    .addKeyValue("request_bytes", requestBytes)
                    .addKeyValue("response_bytes", responseBytes)
                    .addKeyValue("ms", Math.round(nanos / 1e4) / 1e2)
                    .addKeyValue("user_agent", plain(userAgent))
                    .log("Call");
        }

        /** What the client chose can neither end a line nor a quoted text. */
        private static String plain(String text) {
            StringBuilder out = new StringBuilder(text.length());
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                out.append(c < ' ' || c > '~' || c == '"' || c == '\\' ? '?' : c);
            }
            return out.toString();
        }
    }

    /** Whether lines are written, by the level of the logger. */
    boolean isEnabled() {
        return LOG.isInfoEnabled();
    }

    /** Writes {@code entry} soon. Does not wait and does not throw. */
    void write(Entry entry) {
        thread.execute(() -> {
            if (!UserCode.run(entry::write, _ -> {})) {
                dropped.accept(1);
            }
        });
    }

    /** Writes the lines that are left, for a second at most; the rest is dropped and counted. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (thread.awaitTermination(LAST_LINES_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        dropped.accept(thread.shutdownNow().size());
    }
}
