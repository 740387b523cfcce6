package io.lynx.health;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The ranges of the settings of a check, and the form of durations in messages. Stateless. */
final class CheckLimits {
    private static final Duration MIN_INTERVAL = Duration.ofMillis(10);
    private static final Duration MAX_INTERVAL = Duration.ofDays(1);
    private static final Duration MIN_TIMEOUT = Duration.ofMillis(1);
    private static final Duration MAX_TIMEOUT = Duration.ofHours(1);
    private static final Duration LONGEST_TEXT = Duration.ofDays(1_000);
    private static final int MAX_THRESHOLD = 1_000;

    private CheckLimits() {}

    /** Refuses values out of range; null stands for a value that was not set. {@code subject} ends with its separator. */
    static void requireAll(
            String subject,
            @Nullable Duration interval,
            @Nullable Duration timeout,
            @Nullable Integer failureThreshold,
            @Nullable Integer successThreshold) {
        requireDuration(subject + "interval", interval, MIN_INTERVAL, MAX_INTERVAL, "10ms to 1d");
        requireDuration(subject + "timeout", timeout, MIN_TIMEOUT, MAX_TIMEOUT, "1ms to 1h");
        requireThreshold(subject + "failure_threshold", failureThreshold);
        requireThreshold(subject + "success_threshold", successThreshold);
    }

    private static void requireDuration(
            String subject, @Nullable Duration value, Duration min, Duration max, String range) {
        if (value != null && (value.compareTo(min) < 0 || value.compareTo(max) > 0)) {
            throw new IllegalArgumentException(subject + ": " + text(value) + "; allowed is " + range);
        }
    }

    private static void requireThreshold(String subject, @Nullable Integer value) {
        if (value != null && (value < 1 || value > MAX_THRESHOLD)) {
            throw new IllegalArgumentException(
                    subject + ": " + value + "; allowed is 1 to " + MAX_THRESHOLD + " consecutive results");
        }
    }

    /** Writes a duration as configuration does: {@code 5s}, {@code 1500ms}, {@code 2m}; other values as ISO-8601. */
    static String text(Duration duration) {
        boolean isWritable = duration.getNano() % 1_000_000 == 0
                && duration.compareTo(LONGEST_TEXT) < 0
                && duration.compareTo(LONGEST_TEXT.negated()) > 0;
        if (!isWritable) {
            return duration.toString();
        }
        if (duration.getNano() != 0) {
            return duration.toMillis() + "ms";
        }
        long seconds = duration.getSeconds();
        return seconds != 0 && seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }
}
