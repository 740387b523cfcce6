package io.lynx.resilience;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Accepts all calls until its detector trips. It is itself the permit of calls that are not timed: they have nothing of their
 * own to remember, so all of them share it.
 */
final class ClosedState extends BreakerState implements Permit {
    private final FailureDetector detector;
    private final boolean timesCalls;
    /** The most recent failure, for the log line when the breaker opens. */
    private volatile @Nullable Throwable lastFailure;

    ClosedState(CircuitBreaker breaker, long generation) {
        super(breaker, generation);
        this.detector = FailureDetector.of(breaker.config(), breaker.ticker());
        this.timesCalls = detector.timesCalls();
    }

    /** The permit of one timed call. */
    record TimedPermit(ClosedState state, long begun) implements Permit {
        @Override
        public void success() {
            state.succeeded(begun);
        }

        @Override
        public void failure(Throwable cause) {
            state.failed(cause, begun);
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
    @Nullable
    Permit tryAcquire() {
        if (detector.tripped()) {
            return open().tryAcquire();
        }
        return timesCalls ? new TimedPermit(this, detector.begin()) : this;
    }

    @Override
    <T> T call(Callable<T> callable) throws Exception {
        if (detector.tripped()) {
            return open().call(callable);
        }
        long begun = detector.begin();
        T result;
        try {
            result = callable.call();
        } catch (Exception | Error e) {
            failed(e, begun);
            throw e;
        }
        succeeded(begun);
        return result;
    }

    @Override
    void settleResults() {
        if (detector.tripped()) {
            open();
        }
    }

    private void succeeded(long begun) {
        breaker.counters().success();
        if (detector.record(false, begun)) {
            open();
        }
    }

    private void failed(Throwable cause, long begun) {
        switch (breaker.judge(cause)) {
            case SUCCESS -> succeeded(begun);
            case FAILURE -> {
                breaker.countFailure(cause);
                lastFailure = cause;
                if (detector.record(true, begun)) {
                    open();
                }
            }
            case NONE -> {}
        }
    }

    private BreakerState open() {
        FailureDetector.CallCounts counts = detector.counts();
        String reason;
        if (breaker.config().window().isEmpty()) {
            reason = counts.failures() == 1 ? "1 failure" : counts.failures() + " consecutive failures";
        } else {
            String slow = counts.slow() == 0 ? "" : ", " + counts.slow() + " were slow";
            reason = counts.failures() + " of " + counts.calls() + " calls failed" + slow;
        }
        return breaker.replace(
                this, new OpenState(breaker, generation + 1, 0), new TransitionReason(reason, lastFailure));
    }

    @Override
    public void success() {
        succeeded(0);
    }

    @Override
    public void failure(Throwable cause) {
        failed(cause, 0);
    }

    @Override
    public void ignore() {}

    @Override
    public void close() {}

    @Override
    FailureDetector.CallCounts counts() {
        return detector.counts();
    }
}
