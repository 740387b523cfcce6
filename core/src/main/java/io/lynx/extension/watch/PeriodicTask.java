package io.lynx.extension.watch;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.extension.UserCode;
import io.lynx.time.Scheduler;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work of the framework that is done periodically, one run at a time. Whatever a run throws, the next one follows: a class that
 * cannot be loaded while files are exhausted must not end such work permanently. Of consecutive failures the first is logged, and
 * their number when a run succeeds again. Thread-safe.
 */
public final class PeriodicTask {
    private static final Logger LOG = LoggerFactory.getLogger(PeriodicTask.class);

    private final String name;
    private final Scheduler scheduler;
    private final UserCode.Action work;

    /** The most recent start; null while stopped. A run that belongs to an earlier one schedules nothing. */
    @GuardedBy("this")
    private @Nullable Start current;

    @GuardedBy("this")
    private Scheduler.@Nullable Scheduled next;

    /** Only the thread of the current run uses it; the scheduler makes it visible to the next one. */
    private long failures;

    /** One call of {@link #start}. */
    private final class Start implements Runnable {
        private final Duration interval;

        Start(Duration interval) {
            this.interval = interval;
        }

        @Override
        public void run() {
            if (!isCurrent(this)) {
                return;
            }
            try {
                work.run();
                succeeded();
            } catch (Throwable failure) {
                failed(failure, interval);
            } finally {
                scheduleNext(this);
            }
        }
    }

    /**
     * Creates a task that is not running yet.
     *
     * @param name identifies it in the log
     * @param work is one run
     */
    public PeriodicTask(String name, Scheduler scheduler, UserCode.Action work) {
        this.name = name;
        this.scheduler = scheduler;
        this.work = work;
    }

    /** Begins, with a first run after {@code interval}. Has no effect if it has begun. */
    public synchronized void start(Duration interval) {
        if (current == null) {
            Start begun = new Start(interval);
            current = begun;
            schedule(begun);
        }
    }

    /** Ends; a run in progress goes on. It may be started again. */
    public synchronized void stop() {
        current = null;
        if (next != null) {
            boolean _ = next.cancel();
            next = null;
        }
    }

    @GuardedBy("this")
    private void schedule(Start start) {
        try {
            next = scheduler.after(start.interval, start);
        } catch (RejectedExecutionException closed) {
            current = null;
        }
    }

    private synchronized boolean isCurrent(Start start) {
        return start.equals(current);
    }

    private synchronized void scheduleNext(Start start) {
        if (isCurrent(start)) {
            schedule(start);
        }
    }

    private void succeeded() {
        if (failures > 0) {
            long before = failures;
            failures = 0;
            LOG.atInfo().addKeyValue("failures", before).log("Periodic task '{}' works again", name);
        }
    }

    private void failed(Throwable failure, Duration interval) {
        UserCode.rethrowIfFatal(failure);
        failures++;
        if (failures == 1) {
            // What keeps classes from being loaded may concern the log as well.
            boolean _ = UserCode.run(
                    () -> LOG.atWarn()
                            .setCause(UserCode.loggable(failure))
                            .log(
                                    "Periodic task '{}' failed and runs again every {} ms; further failures are not"
                                            + " logged until it succeeds",
                                    name,
                                    interval.toMillis()),
                    _ -> {});
        }
    }
}
