package io.lynx.jdbc;

import io.lynx.context.RequestScope;
import io.lynx.jdbc.Execution.Reason;
import io.lynx.metrics.Counter;
import io.lynx.metrics.MetricRegistry;
import io.lynx.plugin.PluginContext;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import io.lynx.time.TimedWait;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cancels executions whose time is over, and closes the connections of those that the server does not end. It looks at them every
 * {@value #INTERVAL_MILLIS} ms while there are any, so that an execution costs neither a timer nor a wait. Thread-safe.
 */
final class ExecutionWatch {
    private static final int INTERVAL_MILLIS = 50;
    private static final Duration INTERVAL = Duration.ofMillis(INTERVAL_MILLIS);
    private static final Duration STEP = Duration.ofMillis(5);

    private static final Logger LOG = LoggerFactory.getLogger(ExecutionWatch.class);

    private static final RequestScope NO_REQUEST = RequestScope.of("", null);

    private final String database;
    private final PluginContext context;
    private final Ticker ticker;
    private final long limit;
    private final Counter aborted;
    private final Set<Execution> running = ConcurrentHashMap.newKeySet();
    private final Set<ConnectionWait> waiting = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean isActive = new AtomicBoolean();

    ExecutionWatch(String database, PluginContext context, Duration limit) {
        this.database = database;
        this.context = context;
        this.ticker = context.ticker();
        this.limit = limit.toNanos();
        // Made at once: a series that begins at its first connections would hide these from alerts.
        this.aborted = context.metrics().registry().counter(DatabaseMetrics.ABORTED, database);
    }

    void add(Execution execution) {
        boolean _ = running.add(execution);
        activate();
    }

    void remove(Execution execution) {
        boolean _ = running.remove(execution);
    }

    void add(ConnectionWait wait) {
        boolean _ = waiting.add(wait);
        activate();
    }

    void remove(ConnectionWait wait) {
        boolean _ = waiting.remove(wait);
    }

    private void activate() {
        if (!isActive.get() && isActive.compareAndSet(false, true)) {
            schedule();
        }
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
        try {
            lookAtAll();
        } catch (RuntimeException unexpected) {
            // The next look must not depend on this one: without it, nothing would be cancelled any more.
            LOG.atWarn()
                    .setCause(unexpected)
                    .addKeyValue("database", database)
                    .log("Statements could not be looked at; they are looked at again");
        }
        if (!isIdle()) {
            schedule();
            return;
        }
        isActive.set(false);
        // One may have been added between the two lines above.
        if (!isIdle() && isActive.compareAndSet(false, true)) {
            schedule();
        }
    }

    private boolean isIdle() {
        return running.isEmpty() && waiting.isEmpty();
    }

    private void lookAtAll() {
        waiting.forEach(ConnectionWait::endIfOver);
        long now = ticker.nanos();
        for (Execution execution : running) {
            Reason reason = execution.overdue(now, limit);
            if (reason != null) {
                cancel(execution, reason, now);
            } else if (execution.ignoresCancellation(now)) {
                abort(execution);
            }
        }
    }

    /** A cancellation opens a connection to the server, so each has a thread of its own. */
    private void cancel(Execution execution, Reason reason, long now) {
        if (!execution.claim(reason, now)) {
            return;
        }
        count(reason);
        boolean _ = start(() -> {
            try {
                execution.cancel();
            } catch (SQLException | RuntimeException failure) {
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
        Runnable task = () -> {
            if (execution.abort()) {
                aborted.increment();
                LOG.atWarn()
                        .addKeyValue("database", database)
                        .addKeyValue("statement", execution.kind().name())
                        .log("The server did not end a cancelled statement; its connection was closed");
            }
        };
        if (!start(task)) {
            task.run();
        }
    }

    /** Runs a task on a thread of its own; returns false if the plugin has stopped. */
    private boolean start(Runnable task) {
        try {
            context.threads().newThread(task).start();
            return true;
        } catch (RejectedExecutionException | IllegalStateException closed) {
            return false;
        }
    }

    /** Cancels everything that runs. */
    void cancelAll() {
        long now = ticker.nanos();
        running.forEach(execution -> cancel(execution, Reason.SHUTDOWN, now));
    }

    /** Waits until nothing runs; what still does then is aborted. */
    void awaitNone(Duration limit) {
        Deadline deadline = Deadline.after(limit, ticker);
        CompletableFuture<@Nullable Void> never = new CompletableFuture<>();
        try {
            while (!running.isEmpty() && !deadline.isExpired()) {
                boolean _ = TimedWait.await(never, deadline.atMost(STEP), context.scheduler());
            }
        } catch (InterruptedException timeIsOver) {
            Thread.currentThread().interrupt();
        }
    }

    /** Closes the connections of everything that runs. */
    void abortAll() {
        running.forEach(this::abort);
    }
}
