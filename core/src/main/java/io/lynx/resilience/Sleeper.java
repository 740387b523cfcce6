package io.lynx.resilience;

import java.time.Duration;

/** Waits on the calling thread; tests replace it to wait without time. Implementations are thread-safe. */
@FunctionalInterface
public interface Sleeper {
    /** Returns after {@code duration}; zero or less returns at once. */
    void sleep(Duration duration) throws InterruptedException;

    /** Waits in real time. */
    static Sleeper system() {
        return Thread::sleep;
    }
}
