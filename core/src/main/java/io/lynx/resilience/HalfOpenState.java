package io.lynx.resilience;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Accepts as many probes as have to succeed, and decides by them. Probes in flight and probes that succeeded are never more
 * than the limit together, so that each success counts. A failed probe reopens the breaker, and so do slow probes whose share
 * reaches the window's slow call rate.
 *
 * <p>If no probe is left to issue and those in flight exceed their time, they are lost: a new state of this kind replaces this
 * one and starts without probes. Successes so far do not carry over, since a call that hangs says more about the called
 * service than the ones before it.
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
    /** From this duration on a probe is slow; 0 if slowness does not count. */
    private final long slowNanos;
    /** Slow probes that reopen the breaker. */
    private final int slowLimit;

    private volatile Progress progress;
    /** The failure of a probe that decided to reopen. */
    private volatile @Nullable Throwable lastFailure;

    /** The state of the probes; {@code slow} of the succeeded ones were slow, {@code lastAdmitted} is a clock reading. */
    record Progress(int inFlight, int succeeded, int slow, boolean failed, long lastAdmitted) {
        Progress admit(long now) {
            return new Progress(inFlight + 1, succeeded, slow, failed, now);
        }

        Progress success(boolean wasSlow) {
            return new Progress(inFlight - 1, succeeded + 1, wasSlow ? slow + 1 : slow, failed, lastAdmitted);
        }

        Progress failure() {
            return new Progress(inFlight - 1, succeeded, slow, true, lastAdmitted);
        }

        Progress giveBack() {
            return new Progress(inFlight - 1, succeeded, slow, failed, lastAdmitted);
        }

        Progress rebase(long now) {
            return new Progress(inFlight, succeeded, slow, failed, now);
        }
    }

    /** The permit of one probe; its first resolution counts. */
    static final class Probe implements Permit {
        private final HalfOpenState state;
        private final long begun;

        @SuppressWarnings("UnusedVariable") // written through RESOLVED
        private volatile boolean resolved;

        Probe(HalfOpenState state, long begun) {
            this.state = state;
            this.begun = begun;
        }

        private boolean resolve() {
            return RESOLVED.compareAndSet(this, false, true);
        }

        @Override
        public void success() {
            if (resolve()) {
                state.succeeded(begun);
            }
        }

        @Override
        public void failure(Throwable cause) {
            if (resolve()) {
                switch (state.breaker.judge(cause)) {
                    case SUCCESS -> state.succeeded(begun);
                    case FAILURE -> state.failed(cause);
                    case NONE -> state.givenBack();
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
        Optional<WindowConfig.Limits> limits = breaker.config().window().map(WindowConfig::limits);
        this.slowNanos = limits.flatMap(WindowConfig.Limits::slowCallDuration)
                .map(Duration::toNanos)
                .orElse(0L);
        this.slowLimit = limits.map(rates -> rates.slowOf(limit)).orElse(Integer.MAX_VALUE);
        this.progress = new Progress(0, 0, 0, false, breaker.ticker().nanos());
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
                    return new Probe(this, now);
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

    @Override
    void settleResults() {
        Progress seen = progress;
        if (isDecided(seen)) {
            decide(seen);
        }
    }

    private boolean isDecided(Progress seen) {
        return isToReopen(seen) || seen.succeeded == limit;
    }

    private boolean isToReopen(Progress seen) {
        return seen.failed || seen.slow >= slowLimit;
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
        if (!isToReopen(seen)) {
            return breaker.replace(
                    this,
                    new ClosedState(breaker, generation + 1),
                    TransitionReason.of(limit + (limit == 1 ? " probe succeeded" : " probes succeeded")));
        }
        return breaker.replace(
                this,
                new OpenState(breaker, generation + 1, reopenings + 1),
                seen.failed
                        ? new TransitionReason("a probe failed", lastFailure)
                        : TransitionReason.of(seen.slow + " of " + limit + " probes were slow"));
    }

    private BreakerState renew(Progress seen) {
        return breaker.renew(this, new HalfOpenState(breaker, generation + 1, reopenings), seen.inFlight);
    }

    private void succeeded(long begun) {
        breaker.counters().success();
        boolean wasSlow = slowNanos > 0 && breaker.ticker().nanos() - begun >= slowNanos;
        Progress seen;
        Progress next;
        do {
            seen = progress;
            next = seen.success(wasSlow);
        } while (!PROGRESS.compareAndSet(this, seen, next));
        if (isDecided(next)) {
            decide(next);
        }
    }

    private void failed(Throwable cause) {
        breaker.countFailure(cause);
        lastFailure = cause;
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
