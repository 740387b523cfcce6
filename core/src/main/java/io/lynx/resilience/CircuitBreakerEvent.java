package io.lynx.resilience;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An event in a circuit breaker. Events are delivered on the thread that caused them, after the fact and outside any lock;
 * those of different threads may arrive out of order, which {@link StateChanged#generation} makes visible.
 */
public sealed interface CircuitBreakerEvent {
    /** Returns the name of the breaker. */
    String breaker();

    /**
     * The breaker has a new state or mode.
     *
     * @param generation number of states that the breaker has had; a larger one is more recent
     * @param mode the mode from now on
     * @param retryAfter how long it stays open at most; empty if it is not open, or open until an operator closes it
     * @param reason why, in a few words, such as {@code 5 consecutive failures}
     * @param cause the failure that decided it; null if it was not a failure, or is not known
     */
    record StateChanged(
            String breaker,
            long generation,
            CircuitBreakerState from,
            CircuitBreakerState to,
            CircuitBreakerMode mode,
            Optional<Duration> retryAfter,
            String reason,
            @Nullable Throwable cause)
            implements CircuitBreakerEvent {}

    /**
     * A call failed.
     *
     * @param cause what the caller reported
     */
    record CallFailed(String breaker, Throwable cause) implements CircuitBreakerEvent {}

    /**
     * A call was rejected.
     *
     * @param state the state that rejected it
     */
    record CallRejected(String breaker, CircuitBreakerState state) implements CircuitBreakerEvent {}

    /**
     * Probes did not return in time, and a new round of probes began.
     *
     * @param lost number of probes that were in flight
     */
    record ProbesExpired(String breaker, int lost) implements CircuitBreakerEvent {}
}
