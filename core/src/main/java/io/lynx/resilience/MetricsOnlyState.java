package io.lynx.resilience;

/** Admits all calls and counts them as a closed state would, but never opens. */
final class MetricsOnlyState extends BreakerState {
    private final FailureDetector detector;

    MetricsOnlyState(CircuitBreaker breaker, long generation) {
        super(breaker, generation);
        this.detector = FailureDetector.watching(breaker.config(), breaker.ticker());
    }

    private record Watch(MetricsOnlyState state, long begun) implements Permit {
        @Override
        public void success() {
            state.breaker.counters().success();
            state.detector.record(false, begun);
        }

        @Override
        public void failure(Throwable cause) {
            if (state.breaker.countFailure(cause)) {
                state.detector.record(true, begun);
            }
        }

        @Override
        public void ignore() {}

        @Override
        public void close() {}
    }

    @Override
    CircuitBreakerState state() {
        return CircuitBreakerState.CLOSED;
    }

    @Override
    CircuitBreakerMode mode() {
        return CircuitBreakerMode.METRICS_ONLY;
    }

    @Override
    Permit tryAcquire() {
        return new Watch(this, detector.begin());
    }

    @Override
    FailureDetector.Tally tally() {
        return detector.tally();
    }
}
