package io.lynx.event.bridge;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The pauses before further attempts: their bounds double, and each pause is drawn evenly from the upper half below its bound.
 * Immutable.
 *
 * @param first the first bound
 * @param longest the largest bound
 */
public record RedeliveryPauses(Duration first, Duration longest) {
    private static final int MOST_DOUBLINGS = 30;

    /** Returns the pause before the attempt that follows {@code failures} failures, at least one. */
    public Duration after(int failures, RandomGenerator random) {
        long bound = first.toNanos();
        for (int i = 1; i < Math.min(failures, MOST_DOUBLINGS) && bound < longest.toNanos(); i++) {
            bound *= 2;
        }
        bound = Math.max(2, Math.min(bound, longest.toNanos()));
        return Duration.ofNanos(bound / 2 + random.nextLong(bound / 2 + 1));
    }
}
