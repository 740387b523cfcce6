package io.lynx.time;

import java.time.Duration;

/** Durations as nanoseconds in a {@code long}, saturating at about 292 years instead of overflowing. */
final class Nanos {
    private Nanos() {}

    static long of(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException tooLarge) {
            return duration.isNegative() ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }
}
