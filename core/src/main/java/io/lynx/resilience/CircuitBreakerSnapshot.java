package io.lynx.resilience;

import java.time.Duration;
import java.util.Optional;

/**
 * The state of a circuit breaker at one moment. The numbers of the present state are consistent with each other; the totals are
 * those of about the same moment.
 *
 * @param generation number of states that the breaker has had
 * @param retryAfter the rest of an open state's time, zero once the next call is a probe; empty in any other state, and if it is
 *     open until an operator closes it
 * @param calls results in the window of a closed breaker; in consecutive mode, the same as {@code failed}
 * @param failed failures in the window of a closed breaker; in consecutive mode, those since the last success
 * @param slow slow calls in the window
 * @param probesInFlight probes that a half-open breaker waits for
 * @param probesSucceeded probes that succeeded in this half-open state
 * @param successes total of successful calls
 * @param failures total of failed calls
 * @param rejected total of rejected calls
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
    /** Returns whether the breaker is open, and its time is over: the next call is a probe. */
    public boolean isProbeDue() {
        return retryAfter.filter(Duration::isZero).isPresent();
    }

    static CircuitBreakerSnapshot of(CircuitBreaker breaker, BreakerState now) {
        FailureDetector.CallCounts counts = now.counts();
        HalfOpenState.Progress probes = now instanceof HalfOpenState halfOpen ? halfOpen.progress() : null;
        return new CircuitBreakerSnapshot(
                breaker.name(),
                now.state(),
                now.mode(),
                now.generation,
                CircuitBreaker.retryAfter(now),
                counts.calls(),
                counts.failures(),
                counts.slow(),
                probes == null ? 0 : probes.inFlight(),
                probes == null ? 0 : probes.succeeded(),
                breaker.successes(),
                breaker.failures(),
                breaker.rejections());
    }
}
