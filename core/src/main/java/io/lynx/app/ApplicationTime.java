package io.lynx.app;

import io.lynx.time.Scheduler;
import io.lynx.time.SystemScheduler;
import io.lynx.time.Ticker;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The clocks and timers of one application. Its own schedulers run every task on a platform thread, so that what is due is not
 * held up when all carriers of virtual threads are busy. Thread-safe.
 *
 * @param ticker the monotonic clock of every deadline and duration
 * @param clock the wall clock of every timestamp
 * @param scheduler runs tasks that may block
 * @param deadlines runs short tasks one after another, such as those that end waits
 * @param own what {@link #close} closes
 */
record ApplicationTime(
        Ticker ticker, InstantSource clock, Scheduler scheduler, Scheduler deadlines, List<? extends AutoCloseable> own)
        implements AutoCloseable {
    /**
     * Returns the clocks and timers of an application.
     *
     * @param given the scheduler that the application was given; null to create its own
     */
    static ApplicationTime of(Ticker ticker, @Nullable Scheduler given, InstantSource clock) {
        if (given != null) {
            return new ApplicationTime(ticker, clock, given, given, List.of());
        }
        TaskThreads tasks = new TaskThreads();
        SystemScheduler scheduler = new SystemScheduler("lynx-timer", tasks);
        SystemScheduler deadlines = new SystemScheduler("lynx-deadlines", Runnable::run);
        return new ApplicationTime(ticker, clock, scheduler, deadlines, List.of(scheduler, deadlines, tasks));
    }

    /** Drops what the application's own schedulers have not run yet. */
    @Override
    public void close() {
        for (AutoCloseable closed : own) {
            try {
                closed.close();
            } catch (Exception impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }
}
