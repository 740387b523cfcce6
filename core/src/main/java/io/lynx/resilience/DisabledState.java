package io.lynx.resilience;

/** Accepts all calls and counts nothing; its permit is itself. */
final class DisabledState extends BreakerState implements Permit {
    DisabledState(CircuitBreaker breaker, long generation) {
        super(breaker, generation);
    }

    @Override
    CircuitBreakerState state() {
        return CircuitBreakerState.CLOSED;
    }

    @Override
    CircuitBreakerMode mode() {
        return CircuitBreakerMode.DISABLED;
    }

    @Override
    Permit tryAcquire() {
        return this;
    }

    @Override
    public void success() {}

    @Override
    public void failure(Throwable cause) {}

    @Override
    public void ignore() {}

    @Override
    public void close() {}
}
