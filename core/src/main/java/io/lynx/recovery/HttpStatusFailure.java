package io.lynx.recovery;

/**
 * An exception that stands for the answer of an HTTP server. One that also implements
 * {@link io.lynx.resilience.RetryAfter} passes on the header {@code Retry-After} (RFC 9110, 10.2.3).
 */
public interface HttpStatusFailure {
    /** The status code of the answer, such as 503. */
    int status();
}
