package io.lynx.resilience;

import org.jspecify.annotations.Nullable;

/** Rejects all calls until an operator changes its mode. */
final class ForcedOpenState extends BreakerState {
    ForcedOpenState(CircuitBreaker breaker, long generation) {
        super(breaker, generation);
    }

    @Override
    CircuitBreakerState state() {
        return CircuitBreakerState.OPEN;
    }

    @Override
    CircuitBreakerMode mode() {
        return CircuitBreakerMode.FORCED_OPEN;
    }

    @Override
    @Nullable
    Permit tryAcquire() {
        return null;
    }
}
