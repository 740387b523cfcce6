package io.lynx.resilience;

import org.jspecify.annotations.Nullable;

/** Rejects all calls until its time is over; whoever comes first after that, to call or to look, makes it half-open. */
final class OpenState extends BreakerState {
    private final int reopenings;
    private final long openedAt;
    private final long openNanos;

    /** An open state that begins now, after probes have failed {@code reopenings} times in a row. */
    OpenState(CircuitBreaker breaker, long generation, int reopenings) {
        super(breaker, generation);
        this.reopenings = reopenings;
        this.openedAt = breaker.ticker().nanos();
        this.openNanos = breaker.config().openNanos(reopenings);
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

    /** Ends the open time early. */
    boolean probeNow() {
        HalfOpenState next = new HalfOpenState(breaker, generation + 1, reopenings);
        return breaker.replace(this, next) == next;
    }

    private BreakerState next(long age) {
        return age < 0
                // The clock went back: wait once more from here, not until it has caught up.
                ? breaker.substitute(this, new OpenState(breaker, generation, reopenings))
                : breaker.replace(this, new HalfOpenState(breaker, generation + 1, reopenings));
    }

    @Override
    long retryAfterNanos() {
        return Math.max(0, openNanos - Math.max(0, breaker.ticker().nanos() - openedAt));
    }
}
