package io.lynx.recovery;

import io.lynx.extension.ExtensionPoint;

/**
 * An exception that stands for the response of an HTTP server. One that also implements
 * {@link io.lynx.resilience.RetryAfter} passes on the header {@code Retry-After} (RFC 9110, 10.2.3).
 */
@ExtensionPoint(thread = "the thread that records the error", deadline = "none")
public interface HttpStatusFailure {
    /** Returns the status code of the response, such as 503. */
    int status();
}
