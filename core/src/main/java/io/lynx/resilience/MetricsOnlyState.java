package io.lynx.resilience;

/** Accepts all calls and counts them as a closed state does, but never opens. */
final class MetricsOnlyState extends BreakerState {
    private final FailureDetector detector;

    MetricsOnlyState(CircuitBreaker breaker, long generation) {
        super(breaker, generation);
        this.detector = FailureDetector.watching(breaker.config(), breaker.ticker());
    }

    record Watch(MetricsOnlyState state, long begun) implements Permit {
        @Override
        public void success() {
            state.breaker.counters().success();
            boolean _ = state.detector.record(false, begun);
        }

        @Override
        public void failure(Throwable cause) {
            switch (state.breaker.judge(cause)) {
                case SUCCESS -> success();
                case FAILURE -> {
                    state.breaker.countFailure(cause);
                    boolean _ = state.detector.record(true, begun);
                }
                case NONE -> {}
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
    FailureDetector.CallCounts counts() {
        return detector.counts();
    }
}
