package io.lynx.resilience;

/**
 * Permission to make one call, issued by a {@link CircuitBreaker}. The caller reports the outcome of the call, then closes the
 * permit. It belongs to the state of the breaker that issued it: once the breaker has moved on, a report changes nothing but
 * the counters.
 *
 * <p>Resolve a permit once. A half-open breaker takes the first resolution of each permit and ignores further ones. A closed
 * breaker hands the same permit to many callers, so that a call allocates nothing, and there a permit that is resolved twice
 * counts twice. Closing a resolved permit never does anything. Thread-safe: another thread than the one that acquired the
 * permit may resolve it.
 */
public sealed interface Permit extends AutoCloseable
        permits ClosedState, ClosedState.TimedPermit, DisabledState, HalfOpenState.Probe, MetricsOnlyState.Watch {
    /** Reports that the call succeeded. */
    void success();

    /**
     * Reports that the call threw {@code cause}. It counts as a success if the configuration does not count {@code cause} as
     * a failure, and not at all if it is a cancellation or a rejection.
     */
    void failure(Throwable cause);

    /** Reports that the call says nothing about the called service: a half-open breaker gives the probe to another caller. */
    void ignore();

    /** Ignores the call if it has not been resolved. */
    @Override
    void close();
}
