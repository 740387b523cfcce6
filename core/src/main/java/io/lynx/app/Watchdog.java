package io.lynx.app;

import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * Ends the process when a stop has outlived its budget, whatever hangs: a plugin, somebody's shutdown hook, the sequence
 * itself. Armed once, on a daemon platform thread. Thread-safe.
 */
final class Watchdog {
    /** What a stop that is just done may still need to leave by itself. */
    private static final Duration RESERVE = Duration.ofMillis(100);

    private final Ticker ticker;
    private final IntConsumer halt;
    private volatile long budgetNanos;

    Watchdog(Ticker ticker, IntConsumer halt) {
        this.ticker = ticker;
        this.halt = halt;
    }

    /** Starts to count. */
    void arm(Duration budget) {
        budgetNanos = budget.plus(RESERVE).toNanos();
        long armedAt = ticker.nanos();
        Thread.ofPlatform().name("lynx-watchdog").daemon().start(() -> watch(armedAt));
    }

    private void watch(long armedAt) {
        for (long left = budgetNanos; left > 0; left = budgetNanos - (ticker.nanos() - armedAt)) {
            LockSupport.parkNanos(this, left);
        }
        halt.accept(ExitCode.UNCLEAN_SHUTDOWN);
    }
}
