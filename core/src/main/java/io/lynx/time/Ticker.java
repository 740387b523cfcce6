package io.lynx.time;

/**
 * A monotonic clock: nanoseconds since an arbitrary origin. It never goes back, and changes of the wall clock do not
 * affect it. Only the difference of two readings has a meaning. Implementations are thread-safe.
 */
@FunctionalInterface
public interface Ticker {
    /** Returns the present reading in nanoseconds; compare readings by subtraction, since they may overflow. */
    long nanos();

    /** Returns the monotonic clock of the JVM. */
    static Ticker system() {
        return System::nanoTime;
    }
}
