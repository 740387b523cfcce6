package io.lynx.resilience;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Collects the problems of a configuration, so that all of them are reported at once. Not thread-safe. */
final class Problems {
    private final String subject;
    private final List<String> found = new ArrayList<>();

    Problems(String subject) {
        this.subject = subject;
    }

    void unless(boolean right, String key, Object value, String allowed) {
        if (!right) {
            found.add(subject + "." + key + ": " + value + "; allowed is " + allowed);
        }
    }

    void within(String key, Duration value, Duration least, Duration most) {
        unless(value.compareTo(least) >= 0 && value.compareTo(most) <= 0, key, value, least + " to " + most);
    }

    void rate(String key, double value) {
        unless(value > 0 && value <= 1, key, value, "above 0 to 1");
    }

    /** Throws if there is a problem. */
    void raise() {
        if (!found.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", found));
        }
    }
}
