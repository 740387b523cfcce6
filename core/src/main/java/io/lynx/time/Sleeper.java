package io.lynx.time;

import java.time.Duration;

/** Waits on the calling thread. Tests replace it, so that no real time passes. Implementations must be thread-safe. */
@FunctionalInterface
public interface Sleeper {
    /** Waits for {@code duration}; returns at once if it is zero or negative. */
    void sleep(Duration duration) throws InterruptedException;

    /** Returns a sleeper that waits in real time. */
    static Sleeper system() {
        return Thread::sleep;
    }
}
