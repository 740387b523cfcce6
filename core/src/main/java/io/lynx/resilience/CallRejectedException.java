package io.lynx.resilience;

import java.time.Duration;
import java.util.Optional;

/**
 * A policy refused a call before it was made. It says nothing about what would have been called: it is never retried and
 * no circuit breaker counts it. It has no stack trace, so that refusing stays cheap under load.
 */
public abstract sealed class CallRejectedException extends RuntimeException
        permits CircuitBreakerOpenException, BulkheadFullException, RateLimitExceededException {
    private final String name;

    CallRejectedException(String name) {
        super(null, null, false, false);
        this.name = name;
    }

    /** The name of the policy that refused. */
    public final String name() {
        return name;
    }

    /** After how long another try makes sense; empty if that is not known. */
    public abstract Optional<Duration> retryAfter();

    @Override
    public abstract String getMessage();
}
