package io.lynx.health;

import io.lynx.time.Scheduler;
import io.lynx.time.Scheduler.Scheduled;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The resources that the checks of one monitor share: clocks, timer, threads, randomness and the publisher of results.
 * Thread-safe.
 */
final class CheckRuntime {
    private static final Logger LOG = LoggerFactory.getLogger(HealthMonitor.class);
    /** How much a wait may be shortened, so that checks that were registered together drift apart. */
    private static final double JITTER = 0.1;

    private final Scheduler scheduler;
    private final Ticker ticker;
    private final InstantSource clock;
    private final Executor executor;
    private final RandomGenerator random;
    private final SnapshotPublisher publisher;
    private volatile boolean isClosed;

    CheckRuntime(
            Scheduler scheduler,
            Ticker ticker,
            InstantSource clock,
            Executor executor,
            RandomGenerator random,
            SnapshotPublisher publisher) {
        this.scheduler = scheduler;
        this.ticker = ticker;
        this.clock = clock;
        this.executor = executor;
        this.random = random;
        this.publisher = publisher;
    }

    long now() {
        return ticker.nanos();
    }

    Instant instant() {
        return clock.instant();
    }

    SnapshotPublisher publisher() {
        return publisher;
    }

    /** Runs checks that may block, each on a thread of its own. */
    Executor executor() {
        return executor;
    }

    /** Shortens {@code delay} at random; it never grows, so that a change is seen within the interval. */
    Duration jittered(Duration delay) {
        return Duration.ofNanos((long) (delay.toNanos() * (1 - JITTER * random.nextDouble())));
    }

    /** Schedules {@code task}; returns null if the scheduler is closed, after which results become UNKNOWN by age. */
    @Nullable
    Scheduled schedule(Duration delay, Runnable task) {
        try {
            return scheduler.after(delay, task);
        } catch (RejectedExecutionException refused) {
            if (!isClosed) {
                LOG.atWarn()
                        .setCause(refused)
                        .log("The scheduler accepts no more tasks; health checks no longer run and become UNKNOWN");
            }
            return null;
        }
    }

    void close() {
        isClosed = true;
    }
}
