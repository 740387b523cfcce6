package io.lynx.time;

/**
 * A monotonic clock: nanoseconds since an arbitrary origin, never going back and untouched by changes of the wall clock.
 * Only differences of two readings mean anything. Implementations are thread-safe.
 */
@FunctionalInterface
public interface Ticker {
    /** The present reading in nanoseconds; compare readings by subtraction, as they may overflow. */
    long nanos();

    /** The JVM's own monotonic clock. */
    static Ticker system() {
        return System::nanoTime;
    }
}
