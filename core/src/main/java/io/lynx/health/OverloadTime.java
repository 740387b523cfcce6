package io.lynx.health;

import io.lynx.config.Durations;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long requests must be rejected for overload before the instance is not ready. Immutable.
 *
 * @param orNull the time, 1 s to 10 min; null for {@code off}
 */
public record OverloadTime(@Nullable Duration orNull) {
    /** Overload never makes the instance not ready. */
    public static final OverloadTime OFF = new OverloadTime(null);

    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final String FORM = "'off', or a duration from 1s to 10m";

    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException if the time is out of its range
     */
    public OverloadTime {
        if (orNull != null && (orNull.compareTo(SHORTEST) < 0 || orNull.compareTo(LONGEST) > 0)) {
            throw new IllegalArgumentException(FORM);
        }
    }

    /**
     * Reads {@code off} or a duration.
     *
     * @throws IllegalArgumentException if {@code text} is neither
     */
    public static OverloadTime parse(String text) {
        if (text.equals("off") || text.equals("false")) {
            return OFF;
        }
        try {
            return new OverloadTime(Durations.parse(text));
        } catch (IllegalArgumentException neither) {
            throw new IllegalArgumentException(FORM, neither);
        }
    }
}
