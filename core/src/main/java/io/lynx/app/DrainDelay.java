package io.lynx.app;

import io.lynx.config.Durations;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The time for which all requests are still served after a shutdown was announced, so that load balancers can notice. Immutable.
 *
 * @param fixed the time; null for {@code auto}: {@value #KUBERNETES_SECONDS} seconds under Kubernetes, otherwise none
 */
public record DrainDelay(@Nullable Duration fixed) {
    /** Depends on the environment. */
    public static final DrainDelay AUTO = new DrainDelay(null);

    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final int KUBERNETES_SECONDS = 5;

    /**
     * Checks the time.
     *
     * @throws IllegalArgumentException if it is longer than five minutes
     */
    public DrainDelay {
        if (fixed != null && fixed.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("drain delay: " + fixed + "; at most " + LONGEST + " is allowed");
        }
    }

    /**
     * Reads {@code auto} or a time from zero to five minutes.
     *
     * @throws IllegalArgumentException if {@code text} is neither
     */
    static DrainDelay parse(String text) {
        if (text.equals("auto")) {
            return AUTO;
        }
        try {
            return new DrainDelay(Durations.parse(text));
        } catch (IllegalArgumentException neither) {
            throw new IllegalArgumentException("auto, or a time such as 5s, at most 5m", neither);
        }
    }

    /**
     * Returns the delay in a process with that environment. What {@code auto} says is capped at a quarter of the budget, so that the
     * drain keeps its time.
     */
    Duration in(Map<String, String> environment, Duration budget) {
        if (fixed != null) {
            return fixed;
        }
        return isCapped(environment, budget) ? cap(budget) : automatic(environment);
    }

    private static Duration cap(Duration budget) {
        return budget.dividedBy(4);
    }

    /** Returns the warning for a delay that is capped; null if it is not. */
    @Nullable
    String capWarning(Map<String, String> environment, Duration budget) {
        return isCapped(environment, budget)
                ? "lynx.shutdown.drain_delay: auto is capped at " + cap(budget).toMillis()
                        + " ms, a quarter of lynx.shutdown.timeout, since "
                        + automatic(environment).toMillis() + " ms would leave too little for the drain; set"
                        + " lynx.shutdown.timeout to more than "
                        + automatic(environment).multipliedBy(2).toMillis() + " ms"
                : null;
    }

    private boolean isCapped(Map<String, String> environment, Duration budget) {
        return fixed == null && automatic(environment).multipliedBy(2).compareTo(budget) >= 0;
    }

    private static Duration automatic(Map<String, String> environment) {
        return environment.containsKey("KUBERNETES_SERVICE_HOST")
                ? Duration.ofSeconds(KUBERNETES_SECONDS)
                : Duration.ZERO;
    }
}
