package io.lynx.leadership;

import java.time.Duration;

/** The answer of a backend to an instance that wants a lease. Immutable. */
public sealed interface LeaseAnswer {
    /**
     * The lease is granted.
     *
     * @param lease the lease
     */
    record Granted(Lease lease) implements LeaseAnswer {}

    /**
     * Another holds the lease.
     *
     * @param holder of the lease, for reports
     * @param remaining until it ends if it is not renewed
     */
    record Occupied(String holder, Duration remaining) implements LeaseAnswer {}
}
