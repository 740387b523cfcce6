package io.lynx.resilience;

import java.util.Locale;

/** What a circuit breaker does with calls. */
public enum CircuitBreakerState {
    /** Admits all and watches for failures. */
    CLOSED(0),
    /** Rejects all until its timeout has passed. */
    OPEN(1),
    /** Admits a few probes, which decide between the other two. */
    HALF_OPEN(2);

    private final int code;

    CircuitBreakerState(int code) {
        this.code = code;
    }

    /** The value of the gauge {@code lynx_circuit_breaker_state}. */
    public int code() {
        return code;
    }

    /** The name in metrics and JSON, such as {@code half_open}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
