package io.lynx.resilience;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Trips at a number of consecutive failures. A success writes nothing if there was no failure before it, and no clock is read.
 */
final class ConsecutiveFailures extends FailureDetector {
    private static final VarHandle COUNT;

    static {
        try {
            COUNT = MethodHandles.lookup().findVarHandle(ConsecutiveFailures.class, "count", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int threshold;

    @SuppressWarnings("UnusedVariable") // written through COUNT
    private volatile int count;

    ConsecutiveFailures(int threshold) {
        this.threshold = threshold;
    }

    @Override
    boolean timesCalls() {
        return false;
    }

    @Override
    long begin() {
        return 0;
    }

    @Override
    boolean record(boolean failed, long begun) {
        for (; ; ) {
            int seen = count;
            if (seen >= threshold) {
                return true;
            }
            if (!failed && seen == 0) {
                return false;
            }
            int next = failed ? seen + 1 : 0;
            if (COUNT.compareAndSet(this, seen, next)) {
                return next >= threshold;
            }
        }
    }

    @Override
    boolean tripped() {
        return count >= threshold;
    }

    @Override
    CallCounts counts() {
        int failures = count;
        return new CallCounts(failures, failures, 0);
    }
}
