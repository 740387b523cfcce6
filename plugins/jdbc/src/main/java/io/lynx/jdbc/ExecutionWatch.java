package io.lynx.jdbc;

import io.lynx.context.RequestScope;
import io.lynx.jdbc.Execution.Reason;
import io.lynx.metrics.MetricRegistry;
import io.lynx.plugin.PluginContext;
import io.lynx.time.Ticker;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cancels executions whose time is over, and closes the connections of those that the server does not end. It looks at them every
 * {@value #INTERVAL_MILLIS} ms while there are any, so that an execution costs neither a timer nor a wait. Thread-safe.
 */
final class ExecutionWatch {
    private static final int INTERVAL_MILLIS = 50;
    private static final Duration INTERVAL = Duration.ofMillis(INTERVAL_MILLIS);
    /** How long the server may take to end a cancelled statement. */
    private static final long GRACE = Duration.ofSeconds(2).toNanos();

    private static final Logger LOG = LoggerFactory.getLogger(ExecutionWatch.class);

    private static final RequestScope NO_REQUEST = RequestScope.of("", null);

    private final String database;
    private final PluginContext context;
    private final Ticker ticker;
    private final long limit;
    private final Set<Execution> running = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean isActive = new AtomicBoolean();

    ExecutionWatch(String database, PluginContext context, Duration limit) {
        this.database = database;
        this.context = context;
        this.ticker = context.ticker();
        this.limit = limit.toNanos();
    }

    void add(Execution execution) {
        boolean _ = running.add(execution);
        if (!isActive.get() && isActive.compareAndSet(false, true)) {
            schedule();
        }
    }

    void remove(Execution execution) {
        boolean _ = running.remove(execution);
    }

    private void schedule() {
        try {
            // Not in the context of the request whose statement happens to be the first.
            NO_REQUEST.run(() -> {
                var _ = context.scheduler().after(INTERVAL, this::look);
            });
        } catch (RejectedExecutionException | IllegalStateException closed) {
            isActive.set(false);
        }
    }

    private void look() {
        long now = ticker.nanos();
        for (Execution execution : running) {
            Reason reason = execution.overdue(now, limit);
            if (reason != null) {
                cancel(execution, reason, now);
            } else if (execution.ignoresCancellation(now, GRACE)) {
                abort(execution);
            }
        }
        if (!running.isEmpty()) {
            schedule();
            return;
        }
        isActive.set(false);
        // One may have been added between the two lines above.
        if (!running.isEmpty() && isActive.compareAndSet(false, true)) {
            schedule();
        }
    }

    /** A cancellation opens a connection to the server, so each has a thread of its own. */
    private void cancel(Execution execution, Reason reason, long now) {
        if (!execution.claim(reason, now)) {
            return;
        }
        count(reason);
        onThread(() -> {
            try {
                execution.cancel();
            } catch (SQLException failure) {
                LOG.atDebug().setCause(failure).log("Statement could not be cancelled");
            }
        });
    }

    private void count(Reason reason) {
        MetricRegistry registry = context.metrics().registry();
        registry.counter(DatabaseMetrics.CANCELLED, database, reason.name().toLowerCase(Locale.ROOT))
                .increment();
    }

    private void abort(Execution execution) {
        context.metrics().registry().counter(DatabaseMetrics.ABORTED, database).increment();
        onThread(() -> {
            try {
                execution.abort();
                LOG.atWarn()
                        .addKeyValue("database", database)
                        .addKeyValue("statement", execution.kind().name())
                        .log("The server did not end a cancelled statement; its connection was closed");
            } catch (SQLException failure) {
                LOG.atDebug().setCause(failure).log("Connection could not be aborted");
            }
        });
    }

    private void onThread(Runnable task) {
        try {
            context.threads().newThread(task).start();
        } catch (RejectedExecutionException | IllegalStateException closed) {
            task.run();
        }
    }

    /** Cancels everything that runs. */
    void cancelAll() {
        long now = ticker.nanos();
        running.forEach(execution -> cancel(execution, Reason.SHUTDOWN, now));
    }

    /** Closes the connections of everything that runs. */
    void abortAll() {
        running.forEach(this::abort);
    }
}
