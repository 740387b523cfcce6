package io.lynx.admin;

import io.lynx.resilience.CircuitBreaker;

/** What an operator can do to a circuit breaker. */
enum BreakerAction {
    /** Has it reject all calls. */
    FORCE_OPEN("force-open"),
    /** Has it admit all calls and count none. */
    DISABLE("disable"),
    /** Has it admit and count all calls, and never open. */
    METRICS_ONLY("metrics-only"),
    /** Closes it and lets calls decide again. */
    RESET("reset");

    private final String label;

    BreakerAction(String label) {
        this.label = label;
    }

    /** Its name in paths, such as {@code force-open}. */
    String label() {
        return label;
    }

    void applyTo(CircuitBreaker breaker) {
        switch (this) {
            case FORCE_OPEN -> breaker.forceOpen();
            case DISABLE -> breaker.disable();
            case METRICS_ONLY -> breaker.metricsOnly();
            case RESET -> breaker.reset();
        }
    }
}
