package io.lynx.resilience;

/**
 * Leave to make one call, given by a {@link CircuitBreaker}; the caller says how the call went, then closes it. It
 * belongs to the state of the breaker that issued it: once the breaker has moved on, what it says changes nothing but
 * the counters.
 *
 * <p>Resolve a permit once. A half-open breaker takes the first resolution of each permit and ignores further ones. A
 * closed breaker hands the same permit to many callers, so that a call costs no allocation, and there a permit that is
 * resolved twice counts twice. Closing a resolved permit never does anything. Thread-safe: another thread than the one
 * that acquired may resolve.
 */
public interface Permit extends AutoCloseable {
    /** The call succeeded. */
    void success();

    /** The call failed with {@code cause}; one that the breaker does not count as a failure is {@link #ignore ignored}. */
    void failure(Throwable cause);

    /** The call says nothing about what it called: a probe is given back for another caller to make. */
    void ignore();

    /** Ignores the call if it has not been resolved. */
    @Override
    void close();
}
