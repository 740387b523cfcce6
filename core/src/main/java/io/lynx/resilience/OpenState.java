package io.lynx.resilience;

import org.jspecify.annotations.Nullable;

/** Rejects all calls until its time is over. The first acquire or settling read after that makes it half-open. */
final class OpenState extends BreakerState {
    private final int reopenings;
    private final long openedAt;
    private final long openNanos;

    /** Creates an open state that begins now, after probes have failed {@code reopenings} times in a row. */
    OpenState(CircuitBreaker breaker, long generation, int reopenings) {
        super(breaker, generation);
        this.reopenings = reopenings;
        this.openedAt = breaker.ticker().nanos();
        this.openNanos = breaker.openNanos(reopenings);
    }

    @Override
    CircuitBreakerState state() {
        return CircuitBreakerState.OPEN;
    }

    @Override
    @Nullable
    Permit tryAcquire() {
        long age = breaker.ticker().nanos() - openedAt;
        if (age >= 0 && age < openNanos) {
            return null;
        }
        return next(age).tryAcquire();
    }

    @Override
    void settle() {
        long age = breaker.ticker().nanos() - openedAt;
        if (age < 0 || age >= openNanos) {
            next(age);
        }
    }

    @Override
    boolean probeNow() {
        HalfOpenState next = new HalfOpenState(breaker, generation + 1, reopenings);
        return breaker.replace(this, next, TransitionReason.PROBE_NOW) == next;
    }

    private BreakerState next(long age) {
        return age < 0
                // The clock went back: wait again from here, not until it has caught up.
                ? breaker.substitute(this, new OpenState(breaker, generation, reopenings))
                : breaker.replace(
                        this, new HalfOpenState(breaker, generation + 1, reopenings), TransitionReason.TIMEOUT);
    }

    @Override
    long retryAfterNanos() {
        return Math.max(0, openNanos - Math.max(0, breaker.ticker().nanos() - openedAt));
    }
}
