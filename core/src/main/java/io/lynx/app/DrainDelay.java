package io.lynx.app;

import io.lynx.config.Durations;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How long full service goes on after a stop was announced, so that load balancers can notice. Immutable.
 *
 * @param fixed the time; null for {@code auto}: {@value #KUBERNETES_SECONDS} seconds under Kubernetes, else none
 */
public record DrainDelay(@Nullable Duration fixed) {
    /** The delay by itself. */
    public static final DrainDelay AUTO = new DrainDelay(null);

    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final int KUBERNETES_SECONDS = 5;

    /**
     * Reads {@code auto} or a time from nothing to five minutes.
     *
     * @throws IllegalArgumentException if {@code text} is neither
     */
    public static DrainDelay parse(String text) {
        if (text.equals("auto")) {
            return AUTO;
        }
        try {
            Duration fixed = Durations.parse(text);
            if (fixed.compareTo(LONGEST) <= 0) {
                return new DrainDelay(fixed);
            }
        } catch (IllegalArgumentException notADuration) {
            // refused below
        }
        throw new IllegalArgumentException("auto, or a time such as 5s, at most 5m");
    }

    /** The time to wait in a process with that environment. */
    Duration in(Map<String, String> environment) {
        if (fixed != null) {
            return fixed;
        }
        return environment.containsKey("KUBERNETES_SERVICE_HOST")
                ? Duration.ofSeconds(KUBERNETES_SECONDS)
                : Duration.ZERO;
    }
}
