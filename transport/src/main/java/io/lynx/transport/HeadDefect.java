package io.lynx.transport;

/** Why the head of a request cannot be served. Immutable and thread-safe. */
public enum HeadDefect {
    /** The request line exceeds its limit. */
    LINE_TOO_LONG,
    /** The headers exceed their limit. */
    HEADERS_TOO_LARGE,
    /** The version of HTTP is not supported. */
    UNSUPPORTED_VERSION,
    /** The head does not follow the protocol's syntax. */
    MALFORMED
}
