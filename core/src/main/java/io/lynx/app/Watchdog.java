package io.lynx.app;

import io.lynx.time.Scheduler;
import java.time.Duration;
import java.util.function.IntConsumer;

/**
 * Ends the process when a shutdown has exceeded its budget, whatever hangs: a plugin, a JVM shutdown hook of the application, the
 * sequence itself. Thread-safe.
 */
final class Watchdog {
    /** What a shutdown that is just over may still need to exit by itself. */
    private static final Duration RESERVE = Duration.ofMillis(100);

    private final Scheduler scheduler;
    private final IntConsumer halt;

    /**
     * Creates a watchdog that is not armed.
     *
     * @param scheduler runs its task on a platform thread
     * @param halt ends the process with an exit code
     */
    Watchdog(Scheduler scheduler, IntConsumer halt) {
        this.scheduler = scheduler;
        this.halt = halt;
    }

    /** Begins to count. */
    void arm(Duration budget) {
        Scheduler.Scheduled _ = scheduler.after(budget.plus(RESERVE), () -> halt.accept(ExitCode.UNCLEAN_SHUTDOWN));
    }
}
