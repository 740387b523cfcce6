package io.lynx.resilience;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Admits as many probes as have to succeed, and decides by them. Probes in flight and probes that succeeded are never
 * more than the limit together, so no probe can succeed for nothing.
 *
 * <p>If no probe is left to give and those in flight have been out for too long, they are lost: a new state of this kind
 * takes over and starts from none. The successes so far do not carry over, as a call that hangs says more about what it
 * called than the ones before it.
 */
final class HalfOpenState extends BreakerState {
    private static final VarHandle PROGRESS;
    private static final VarHandle RESOLVED;

    static {
        try {
            PROGRESS = MethodHandles.lookup().findVarHandle(HalfOpenState.class, "progress", Progress.class);
            RESOLVED = MethodHandles.lookup().findVarHandle(Probe.class, "resolved", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int limit;
    private final int reopenings;
    private volatile Progress progress;

    /** How far the probes are; {@code lastAdmitted} is a clock reading. */
    record Progress(int inFlight, int succeeded, boolean failed, long lastAdmitted) {
        Progress admit(long now) {
            return new Progress(inFlight + 1, succeeded, failed, now);
        }

        Progress success() {
            return new Progress(inFlight - 1, succeeded + 1, failed, lastAdmitted);
        }

        Progress failure() {
            return new Progress(inFlight - 1, succeeded, true, lastAdmitted);
        }

        Progress giveBack() {
            return new Progress(inFlight - 1, succeeded, failed, lastAdmitted);
        }

        Progress rebase(long now) {
            return new Progress(inFlight, succeeded, failed, now);
        }
    }

    /** The permit of one probe; its first resolution counts. */
    private static final class Probe implements Permit {
        private final HalfOpenState state;

        @SuppressWarnings("UnusedVariable") // written through RESOLVED
        private volatile boolean resolved;

        Probe(HalfOpenState state) {
            this.state = state;
        }

        private boolean resolve() {
            return RESOLVED.compareAndSet(this, false, true);
        }

        @Override
        public void success() {
            if (resolve()) {
                state.breaker.counters().success();
                state.succeeded();
            }
        }

        @Override
        public void failure(Throwable cause) {
            if (resolve()) {
                if (state.breaker.countFailure(cause)) {
                    state.failed();
                } else {
                    state.givenBack();
                }
            }
        }

        @Override
        public void ignore() {
            if (resolve()) {
                state.givenBack();
            }
        }

        @Override
        public void close() {
            ignore();
        }
    }

    HalfOpenState(CircuitBreaker breaker, long generation, int reopenings) {
        super(breaker, generation);
        this.limit = breaker.config().halfOpenLimit();
        this.reopenings = reopenings;
        this.progress = new Progress(0, 0, false, breaker.ticker().nanos());
    }

    @Override
    CircuitBreakerState state() {
        return CircuitBreakerState.HALF_OPEN;
    }

    @Override
    @Nullable
    Permit tryAcquire() {
        for (; ; ) {
            Progress seen = progress;
            if (isDecided(seen)) {
                return decide(seen).tryAcquire();
            }
            long now = breaker.ticker().nanos();
            if (seen.inFlight + seen.succeeded < limit) {
                if (PROGRESS.compareAndSet(this, seen, seen.admit(now))) {
                    return new Probe(this);
                }
            } else if (isOverdue(seen, now)) {
                return renew(seen).tryAcquire();
            } else {
                return null;
            }
        }
    }

    @Override
    void settle() {
        Progress seen = progress;
        if (isDecided(seen)) {
            decide(seen);
        } else if (seen.inFlight + seen.succeeded >= limit
                && isOverdue(seen, breaker.ticker().nanos())) {
            renew(seen);
        }
    }

    private boolean isDecided(Progress seen) {
        return seen.failed || seen.succeeded == limit;
    }

    private boolean isOverdue(Progress seen, long now) {
        long age = now - seen.lastAdmitted;
        if (age < 0) {
            // The clock went back: wait from here, not until it has caught up.
            PROGRESS.compareAndSet(this, seen, seen.rebase(now));
        }
        return age >= breaker.config().halfOpenMaxWait().toNanos();
    }

    private BreakerState decide(Progress seen) {
        return breaker.replace(
                this,
                seen.failed
                        ? new OpenState(breaker, generation + 1, reopenings + 1)
                        : new ClosedState(breaker, generation + 1));
    }

    private BreakerState renew(Progress seen) {
        return breaker.renew(this, new HalfOpenState(breaker, generation + 1, reopenings), seen.inFlight);
    }

    private void succeeded() {
        Progress seen;
        Progress next;
        do {
            seen = progress;
            next = seen.success();
        } while (!PROGRESS.compareAndSet(this, seen, next));
        if (isDecided(next)) {
            decide(next);
        }
    }

    private void failed() {
        Progress seen;
        Progress next;
        do {
            seen = progress;
            next = isDecided(seen) ? seen : seen.failure();
        } while (!PROGRESS.compareAndSet(this, seen, next));
        decide(next);
    }

    private void givenBack() {
        Progress seen;
        do {
            seen = progress;
        } while (!PROGRESS.compareAndSet(this, seen, seen.giveBack()));
    }

    Progress progress() {
        return progress;
    }
}
