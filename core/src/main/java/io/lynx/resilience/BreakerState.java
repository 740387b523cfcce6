package io.lynx.resilience;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * One state of a circuit breaker, from the transition into it to the one out of it; a new state is always a new object,
 * so a comparison by identity tells whether a permit is stale. Which state it is never changes; the counts that it keeps
 * die with it. Thread-safe.
 */
abstract sealed class BreakerState
        permits ClosedState, OpenState, HalfOpenState, ForcedOpenState, DisabledState, MetricsOnlyState {
    final CircuitBreaker breaker;
    final long generation;

    BreakerState(CircuitBreaker breaker, long generation) {
        this.breaker = breaker;
        this.generation = generation;
    }

    abstract CircuitBreakerState state();

    CircuitBreakerMode mode() {
        return CircuitBreakerMode.AUTOMATIC;
    }

    /** A permit of this state or of the one that it is time to move to; null if that rejects. */
    abstract @Nullable Permit tryAcquire();

    /** Makes the transition that is due, if any. */
    void settle() {}

    /** Makes a call. */
    <T> T call(Callable<T> callable) throws Exception {
        Permit permit = tryAcquire();
        if (permit == null) {
            throw breaker.rejected();
        }
        T result;
        try {
            result = callable.call();
        } catch (Exception | Error e) {
            permit.failure(e);
            throw e;
        }
        permit.success();
        return result;
    }

    /** What is left of an open state, or {@link CircuitBreakerOpenException#UNKNOWN}. */
    long retryAfterNanos() {
        return CircuitBreakerOpenException.UNKNOWN;
    }

    /** The results that count here. */
    FailureDetector.Tally tally() {
        return new FailureDetector.Tally(0, 0, 0);
    }
}
