package io.lynx.app;

import io.lynx.time.Scheduler;
import io.lynx.time.SystemScheduler;
import io.lynx.time.Ticker;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The clocks and timers of one application. Thread-safe.
 *
 * @param ticker the monotonic clock of every deadline and duration
 * @param clock the wall clock of every timestamp
 * @param scheduler runs tasks that may block
 * @param deadlines runs short tasks that end waits. When the application owns its schedulers they run on a platform thread, so
 *     that a deadline passes even if every carrier of virtual threads is busy
 * @param ownsSchedulers whether {@link #close} closes the schedulers
 */
record ApplicationTime(
        Ticker ticker, InstantSource clock, Scheduler scheduler, Scheduler deadlines, boolean ownsSchedulers)
        implements AutoCloseable {
    /**
     * Returns the clocks and timers of an application.
     *
     * @param given the scheduler that the application was given; null to create its own
     * @param executor runs the tasks of its own scheduler
     */
    static ApplicationTime of(Ticker ticker, @Nullable Scheduler given, InstantSource clock, Executor executor) {
        return given != null
                ? new ApplicationTime(ticker, clock, given, given, false)
                : new ApplicationTime(
                        ticker,
                        clock,
                        new SystemScheduler("lynx-timer", executor),
                        new SystemScheduler("lynx-deadlines", Runnable::run),
                        true);
    }

    /** Drops what the application's own schedulers have not run yet. */
    @Override
    public void close() {
        if (ownsSchedulers && scheduler instanceof SystemScheduler own) {
            own.close();
        }
        if (ownsSchedulers && deadlines instanceof SystemScheduler own) {
            own.close();
        }
    }
}
