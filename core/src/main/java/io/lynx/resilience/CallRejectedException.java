package io.lynx.resilience;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A policy rejected a call before it was made. That says nothing about the called service: a rejection is never retried and
 * no circuit breaker counts it. It has no stack trace, so that rejecting stays cheap under load.
 */
public abstract sealed class CallRejectedException extends RuntimeException {
    private final String name;

    CallRejectedException(String name) {
        super(null, null, false, false);
        this.name = name;
    }

    /** Returns the name of the policy that rejected the call. */
    public final String name() {
        return name;
    }

    /** Returns after how long another attempt makes sense; empty if that is not known. */
    public abstract Optional<Duration> retryAfter();

    @Override
    public abstract String getMessage();

    /** A circuit breaker rejected a call: it is open, or half-open with all its probes in flight. */
    public static final class CircuitBreakerOpenException extends CallRejectedException {
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

    /** A bulkhead rejected a call: its maximum number of calls was running for all the time that the call could wait. */
    public static final class BulkheadFullException extends CallRejectedException {
        private final int limit;
        private final @Nullable Duration waited;

        /** Creates it; {@code waited} is null if the call stopped waiting because its request was cancelled. */
        BulkheadFullException(String name, int limit, @Nullable Duration waited) {
            super(name);
            this.limit = limit;
            this.waited = waited;
        }

        /** Returns empty, since the end of a running call is not known. */
        @Override
        public Optional<Duration> retryAfter() {
            return Optional.empty();
        }

        @Override
        public String getMessage() {
            String when =
                    waited == null ? "when the request was cancelled" : "after waiting " + waited.toMillis() + "ms";
            return "bulkhead " + name() + ": " + limit + " calls running " + when + "; at most " + limit + " at a time";
        }
    }

    /** A rate limiter refused a call: its turn would come later than the call could wait. */
    public static final class RateLimitExceededException extends CallRejectedException {
        private final String limit;
        private final Duration retryAfter;

        RateLimitExceededException(String name, String limit, Duration retryAfter) {
            super(name);
            this.limit = limit;
            this.retryAfter = retryAfter;
        }

        /** Returns the time until the limit allows another call, unless other callers use it up before. */
        @Override
        public Optional<Duration> retryAfter() {
            return Optional.of(retryAfter);
        }

        @Override
        public String getMessage() {
            return "rate limiter " + name() + ": no room for " + retryAfter.toMillis() + "ms; at most " + limit;
        }
    }
}
