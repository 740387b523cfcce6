package io.lynx.leadership;

import java.time.Duration;
import java.util.Objects;

/** The answer of a backend to an instance that wants a lease. Immutable. */
public sealed interface LeaseAnswer {
    /**
     * The lease is granted.
     *
     * @param lease the lease
     */
    record Granted(Lease lease) implements LeaseAnswer {
        /** Checks that there is one. */
        public Granted {
            Objects.requireNonNull(lease, "lease");
        }
    }

    /**
     * Another holds the lease.
     *
     * @param holder of the lease, for reports
     * @param remaining until it ends if it is not renewed
     */
    record Occupied(String holder, Duration remaining) implements LeaseAnswer {
        /** Checks that nothing is missing. */
        public Occupied {
            Objects.requireNonNull(holder, "holder");
            Objects.requireNonNull(remaining, "remaining");
        }
    }
}
