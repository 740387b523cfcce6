package io.lynx.resilience;

import io.lynx.resilience.CallRejectedException.CircuitBreakerOpenException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * One state of a circuit breaker, from the transition into it to the one out of it. A new state is always a new object, so
 * that a comparison by identity tells whether a permit is stale. The kind of state never changes; the counts that it keeps
 * end with it. Thread-safe.
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

    /** Returns a permit of this state, or of the state that is due; null if that one rejects. */
    abstract @Nullable Permit tryAcquire();

    /** Makes the transition that is due by results or by time, if any. */
    void settle() {
        settleResults();
    }

    /** Makes the transition that results have decided, if any. Time moves nothing here. */
    void settleResults() {}

    /** Moves an open state to half-open; returns whether it did. */
    boolean probeNow() {
        return false;
    }

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

    /** Returns the rest of an open state's time, or {@link CircuitBreakerOpenException#UNKNOWN}. */
    long retryAfterNanos() {
        return CircuitBreakerOpenException.UNKNOWN;
    }

    /** Returns the results that count here. */
    FailureDetector.CallCounts counts() {
        return new FailureDetector.CallCounts(0, 0, 0);
    }
}
