package io.lynx.leadership.engine;

import io.lynx.leadership.FencingToken;
import io.lynx.leadership.Lease;
import java.util.concurrent.atomic.AtomicLong;

/** The time in which an instance is the leader, by its own clock. Thread-safe. */
final class Term {
    private final Lease lease;
    private final FencingToken token;
    private final AtomicLong validUntil;

    Term(Lease lease, long validUntil) {
        this.lease = lease;
        this.token = new FencingToken(lease.leadership(), lease.token());
        this.validUntil = new AtomicLong(validUntil);
    }

    Lease lease() {
        return lease;
    }

    FencingToken token() {
        return token;
    }

    /** Lets it last until then, unless it does already. */
    void extend(long until) {
        long _ = validUntil.accumulateAndGet(until, (now, later) -> later - now > 0 ? later : now);
    }

    /** Returns the nanoseconds that are left at the time {@code now}. */
    long remaining(long now) {
        return validUntil.get() - now;
    }
}
