package io.lynx.app;

import io.lynx.metrics.Catalogue;
import io.lynx.metrics.MetricSource;
import io.lynx.metrics.Samples;
import io.lynx.recovery.ErrorRecoveryManager;
import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.CircuitBreakerState;
import io.lynx.resilience.CircuitBreakers;

/**
 * Tells of the circuit breakers: the application's under their names, and those that guard recoveries as {@code
 * recovery.<error type>}. A breaker that was evicted is told of no more. Thread-safe.
 */
final class BreakerSource implements MetricSource {
    private static final String OF_RECOVERIES = "recovery.";

    private final CircuitBreakers breakers;
    private final ErrorRecoveryManager recovery;

    BreakerSource(CircuitBreakers breakers, ErrorRecoveryManager recovery) {
        this.breakers = breakers;
        this.recovery = recovery;
    }

    @Override
    public void collect(Samples out) {
        breakers.all().forEach(breaker -> tell(out, breaker.name(), breaker));
        recovery.breakers().all().forEach(breaker -> tell(out, OF_RECOVERIES + breaker.name(), breaker));
    }

    private static void tell(Samples out, String name, CircuitBreaker breaker) {
        out.add(Catalogue.BREAKER_STATE, breaker.state().code(), name);
        out.add(Catalogue.BREAKER_FAILURES, (double) breaker.failures(), name);
        out.add(Catalogue.BREAKER_SUCCESSES, (double) breaker.successes(), name);
        out.add(Catalogue.BREAKER_REJECTED, (double) breaker.rejections(), name);
        for (CircuitBreakerState from : CircuitBreakerState.values()) {
            for (CircuitBreakerState to : CircuitBreakerState.values()) {
                long count = breaker.transitions(from, to);
                if (count > 0 || comesByItself(from, to)) {
                    out.add(Catalogue.BREAKER_TRANSITIONS, (double) count, name, from.label(), to.label());
                }
            }
        }
    }

    /** Whether calls and time lead there; the rest takes an operator, and is told of once it has happened. */
    private static boolean comesByItself(CircuitBreakerState from, CircuitBreakerState to) {
        return switch (from) {
            case CLOSED -> to == CircuitBreakerState.OPEN;
            case OPEN -> to == CircuitBreakerState.HALF_OPEN;
            case HALF_OPEN -> to != CircuitBreakerState.HALF_OPEN;
        };
    }
}
