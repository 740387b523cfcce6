package io.lynx.resilience;

import java.time.Duration;
import java.util.Optional;

/** A circuit breaker refused a call: it is open, or half-open with all its probes out. */
public final class CircuitBreakerOpenException extends CallRejectedException {
    static final long UNKNOWN = -1;

    private final CircuitBreakerState state;
    private final long retryAfterNanos;

    CircuitBreakerOpenException(String name, CircuitBreakerState state, long retryAfterNanos) {
        super(name);
        this.state = state;
        this.retryAfterNanos = retryAfterNanos;
    }

    /** The state that refused: open or half-open. */
    public CircuitBreakerState state() {
        return state;
    }

    /** What is left of the open state; empty if the breaker is half-open, or open until told otherwise. */
    @Override
    public Optional<Duration> retryAfter() {
        return retryAfterNanos == UNKNOWN ? Optional.empty() : Optional.of(Duration.ofNanos(retryAfterNanos));
    }

    @Override
    public String getMessage() {
        String hint =
                switch (state) {
                    case HALF_OPEN -> "its probes are out";
                    case OPEN, CLOSED ->
                        retryAfterNanos == UNKNOWN
                                ? "until an operator closes it"
                                : "probes in "
                                        + Duration.ofNanos(retryAfterNanos).toMillis() + "ms";
                };
        return "circuit breaker " + name() + ": " + state.label() + "; " + hint;
    }
}
