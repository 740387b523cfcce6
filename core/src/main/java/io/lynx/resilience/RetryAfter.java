package io.lynx.resilience;

import java.time.Duration;
import java.util.Optional;

/** An exception that knows when another try makes sense, such as a reply with the header {@code Retry-After} (RFC 9110, 10.2.3). */
public interface RetryAfter {
    /** How long to wait at least; empty if that is not known. */
    Optional<Duration> retryAfter();
}
