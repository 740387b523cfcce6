package io.lynx.resilience;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Admits all calls until its detector trips. It is itself the permit of calls that are not timed: they have nothing of
 * their own to remember, so all of them share it.
 */
final class ClosedState extends BreakerState implements Permit {
    private final FailureDetector detector;
    private final boolean timesCalls;

    ClosedState(CircuitBreaker breaker, long generation) {
        super(breaker, generation);
        this.detector = FailureDetector.of(breaker.config(), breaker.ticker());
        this.timesCalls = detector.timesCalls();
    }

    /** The permit of one timed call. */
    private record TimedPermit(ClosedState state, long begun) implements Permit {
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
    void settle() {
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
        if (breaker.countFailure(cause) && detector.record(true, begun)) {
            open();
        }
    }

    private BreakerState open() {
        return breaker.replace(this, new OpenState(breaker, generation + 1, 0));
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
    FailureDetector.Tally tally() {
        return detector.tally();
    }
}
