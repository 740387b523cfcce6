package io.lynx.app;

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

    private static final int KUBERNETES_SECONDS = 5;

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
