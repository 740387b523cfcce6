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
    private static final Duration LONGEST = Duration.ofDays(365);

    /**
     * Checks the bounds.
     *
     * @throws IllegalArgumentException if one is not longer than 0, or longer than 365 days
     */
    public RedeliveryPauses {
        require("first", first);
        require("longest", longest);
    }

    private static void require(String name, Duration bound) {
        if (!bound.isPositive() || bound.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(name + " is " + bound + "; longer than 0, and 365 days at most");
        }
    }

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
