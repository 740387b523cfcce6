package io.lynx.resilience;

import java.time.Duration;
import java.util.Optional;

/**
 * A circuit breaker at one moment. The numbers of the present state are consistent with each other; the totals are those
 * of about the same moment.
 *
 * @param generation counts the states that the breaker has had
 * @param retryAfter what is left of an open state; empty in any other, and if it is open until told otherwise
 * @param calls results in the window of a closed breaker; in consecutive mode, the same as {@code failed}
 * @param failed failures in the window of a closed breaker; in consecutive mode, those since the last success
 * @param slow slow calls in the window
 * @param probesInFlight probes that a half-open breaker waits for
 * @param probesSucceeded probes that succeeded in this half-open state
 * @param successes total of successful calls
 * @param failures total of failed calls
 * @param rejected total of refused calls
 */
public record CircuitBreakerSnapshot(
        String name,
        CircuitBreakerState state,
        CircuitBreakerMode mode,
        long generation,
        Optional<Duration> retryAfter,
        long calls,
        long failed,
        long slow,
        int probesInFlight,
        int probesSucceeded,
        long successes,
        long failures,
        long rejected) {
    /** The share of failures in the window, 0 to 1; 0 if it is empty. */
    public double failureRate() {
        return calls == 0 ? 0 : failed / (double) calls;
    }

    /** The share of slow calls in the window, 0 to 1; 0 if it is empty. */
    public double slowCallRate() {
        return calls == 0 ? 0 : slow / (double) calls;
    }
}
