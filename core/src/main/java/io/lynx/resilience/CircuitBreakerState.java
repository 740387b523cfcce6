package io.lynx.resilience;

import java.util.Locale;

/** The states of a circuit breaker. */
public enum CircuitBreakerState {
    /** It accepts all calls and counts failures. */
    CLOSED(0),
    /** It rejects all calls until its timeout is over. */
    OPEN(1),
    /** It accepts a few probes, which decide between the other two. */
    HALF_OPEN(2);

    private final int code;

    CircuitBreakerState(int code) {
        this.code = code;
    }

    /** Returns the value of the gauge {@code lynx_circuit_breaker_state}. */
    public int code() {
        return code;
    }

    /** Returns the name in metrics and JSON, such as {@code half_open}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
