package io.lynx.resilience;

import io.lynx.extension.ExtensionPoint;
import java.time.Duration;
import java.util.Optional;

/**
 * An exception that says when another attempt makes sense, such as an answer with the header {@code Retry-After} (RFC 9110,
 * 10.2.3). Implementations must be thread-safe.
 */
@ExtensionPoint(thread = "the caller's thread", deadline = "none")
public interface RetryAfter {
    /** Returns how long to wait at least; empty if that is not known. */
    Optional<Duration> retryAfter();
}
