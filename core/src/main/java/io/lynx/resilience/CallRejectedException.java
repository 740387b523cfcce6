package io.lynx.resilience;

import java.time.Duration;
import java.util.Optional;

/**
 * A policy rejected a call before it was made. That says nothing about the called service: a rejection is never retried and
 * no circuit breaker counts it. It has no stack trace, so that rejecting stays cheap under load.
 */
public abstract sealed class CallRejectedException extends RuntimeException
        permits CircuitBreakerOpenException, BulkheadFullException, RateLimitExceededException {
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
}
