package io.lynx.admin;

import io.lynx.resilience.CircuitBreaker;

/** A change of a circuit breaker that an operator can make. */
enum BreakerAction {
    /** Makes it reject all calls. */
    FORCE_OPEN("force-open", "Makes a breaker reject all calls until it is reset."),
    /** Makes it accept all calls and count none. */
    DISABLE("disable", "Makes a breaker accept all calls and count none until it is reset."),
    /** Makes it accept and count all calls, and never open. */
    METRICS_ONLY("metrics-only", "Makes a breaker accept and count all calls, and never open, until it is reset."),
    /** Closes it and lets calls decide again. */
    RESET("reset", "Closes a breaker, clears its counts and lets calls decide again.");

    private final String label;
    private final String description;

    BreakerAction(String label, String description) {
        this.label = label;
        this.description = description;
    }

    /** Returns its effect, as a sentence. */
    String description() {
        return description;
    }

    /** Returns its name in paths, such as {@code force-open}. */
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
