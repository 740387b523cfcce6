package io.lynx.resilience;

import java.time.Duration;
import java.util.Optional;

/**
 * Something that happened in a circuit breaker. Events are delivered on the thread that caused them, after the fact and
 * outside any lock; those of different threads may arrive out of order, which {@link StateChanged#generation} undoes.
 */
public sealed interface CircuitBreakerEvent {
    /** The name of the breaker. */
    String breaker();

    /**
     * The breaker has a new state or mode.
     *
     * @param generation counts the states of a breaker, so a larger one is later
     * @param mode the mode from now on
     * @param retryAfter how long it will stay open at most; empty if it is not open, or open until told otherwise
     */
    record StateChanged(
            String breaker,
            long generation,
            CircuitBreakerState from,
            CircuitBreakerState to,
            CircuitBreakerMode mode,
            Optional<Duration> retryAfter)
            implements CircuitBreakerEvent {}

    /**
     * A call failed.
     *
     * @param cause what the caller gave
     */
    record CallFailed(String breaker, Throwable cause) implements CircuitBreakerEvent {}

    /**
     * A call was refused.
     *
     * @param state the state that refused it
     */
    record CallRejected(String breaker, CircuitBreakerState state) implements CircuitBreakerEvent {}

    /**
     * Probes did not come back in time and a new round of them began.
     *
     * @param lost how many were out
     */
    record ProbesExpired(String breaker, int lost) implements CircuitBreakerEvent {}
}
