package io.lynx.app.telemetry;

import io.lynx.metrics.Catalogue;
import io.lynx.metrics.MetricRegistry;
import io.lynx.metrics.MetricSource;
import io.lynx.metrics.MetricSource.Samples;
import io.lynx.recovery.ErrorCategory;
import io.lynx.recovery.ErrorClassifier;
import io.lynx.recovery.ErrorRecoveryManager;
import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.CircuitBreakerEvent;
import io.lynx.resilience.CircuitBreakerSnapshot;
import io.lynx.resilience.CircuitBreakerState;
import io.lynx.resilience.CircuitBreakers;

/**
 * Reports the circuit breakers: those of the application under their names, and those that guard recoveries as {@code
 * recovery.<error type>}. A breaker that was evicted is no longer reported. A scrape moves no breaker: one whose timeout is over
 * is reported as open until a call probes, or as half-open if it guards recoveries. Calls through the application's breakers
 * that time out are counted, each attempt separately: a retry or a fallback around the breaker hides none. Thread-safe.
 */
final class BreakerMetrics {
    private static final String OF_RECOVERIES = "recovery.";
    private static final String CALL = "call";

    private final MetricRegistry registry;

    BreakerMetrics(MetricRegistry registry) {
        this.registry = registry;
    }

    /** Counts what happens to breakers. */
    void on(CircuitBreakerEvent event) {
        if (event instanceof CircuitBreakerEvent.CallFailed(String breaker, Throwable cause)
                && ErrorClassifier.standard().classify(cause).category() == ErrorCategory.TIMEOUT) {
            registry.counter(Catalogue.TIMEOUT_OPERATIONS, CALL, breaker).increment();
        }
    }

    /** Reports these breakers, and those of this manager. */
    MetricSource over(CircuitBreakers breakers, ErrorRecoveryManager recovery) {
        return out -> {
            breakers.all().forEach(breaker -> {
                CircuitBreakerSnapshot now = breaker.snapshot();
                tell(out, breaker.name(), breaker, now, now.state());
                out.add(Catalogue.TIMEOUT_OPERATIONS, 0, CALL, breaker.name());
            });
            recovery.breakers().all().forEach(breaker -> {
                CircuitBreakerSnapshot now = breaker.snapshot();
                tell(out, OF_RECOVERIES + breaker.name(), breaker, now, ofRecovery(now));
            });
        };
    }

    /** Without errors, no recovery probes: a breaker of recoveries would be open long after the last error. */
    private static CircuitBreakerState ofRecovery(CircuitBreakerSnapshot now) {
        return now.isProbeDue() ? CircuitBreakerState.HALF_OPEN : now.state();
    }

    private static void tell(
            Samples out, String name, CircuitBreaker breaker, CircuitBreakerSnapshot now, CircuitBreakerState state) {
        out.add(Catalogue.BREAKER_STATE, state.code(), name);
        out.add(Catalogue.BREAKER_FAILURES, (double) now.failures(), name);
        out.add(Catalogue.BREAKER_SUCCESSES, (double) now.successes(), name);
        out.add(Catalogue.BREAKER_REJECTED, (double) now.rejected(), name);
        for (CircuitBreakerState from : CircuitBreakerState.values()) {
            for (CircuitBreakerState to : CircuitBreakerState.values()) {
                long count = breaker.transitions(from, to);
                if (count > 0 || comesByItself(from, to)) {
                    out.add(Catalogue.BREAKER_TRANSITIONS, (double) count, name, from.label(), to.label());
                }
            }
        }
    }

    /**
     * Returns whether calls and time alone cause the transition. Others need an operator, and are reported once they
     * have occurred.
     */
    private static boolean comesByItself(CircuitBreakerState from, CircuitBreakerState to) {
        return switch (from) {
            case CLOSED -> to == CircuitBreakerState.OPEN;
            case OPEN -> to == CircuitBreakerState.HALF_OPEN;
            case HALF_OPEN -> to != CircuitBreakerState.HALF_OPEN;
        };
    }
}
