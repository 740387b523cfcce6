package io.lynx.resilience;

import java.time.Duration;
import java.util.Optional;

/** A circuit breaker rejected a call: it is open, or half-open with all its probes in flight. */
public final class CircuitBreakerOpenException extends CallRejectedException {
    static final long UNKNOWN = -1;

    private final CircuitBreakerState state;
    private final long retryAfterNanos;

    CircuitBreakerOpenException(String name, CircuitBreakerState state, long retryAfterNanos) {
        super(name);
        this.state = state;
        this.retryAfterNanos = retryAfterNanos;
    }

    /** Returns the state that rejected the call: open or half-open. */
    public CircuitBreakerState state() {
        return state;
    }

    /** Returns the rest of the open time; empty if the breaker is half-open, or open until an operator closes it. */
    @Override
    public Optional<Duration> retryAfter() {
        return retryAfterNanos == UNKNOWN ? Optional.empty() : Optional.of(Duration.ofNanos(retryAfterNanos));
    }

    @Override
    public String getMessage() {
        String hint =
                switch (state) {
                    case HALF_OPEN -> "all its probes are in flight";
                    case OPEN, CLOSED ->
                        retryAfterNanos == UNKNOWN
                                ? "until an operator closes it"
                                : "probes in "
                                        + Duration.ofNanos(retryAfterNanos).toMillis() + "ms";
                };
        return "circuit breaker " + name() + ": " + state.label() + "; " + hint;
    }
}
