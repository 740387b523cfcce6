package io.lynx.transport;

/** How the answer to a request ended. Immutable and thread-safe. */
public enum StreamEnd {
    /** The last byte was handed to the operating system. */
    ANSWERED,
    /** The client went away before it had the whole answer. */
    CLIENT_GONE,
    /** The rest of the request could not be read. */
    MALFORMED,
    /** {@link Stream#abort} ended it before the answer was complete. */
    ABORTED,
    /** The listener was closed before the answer was complete. */
    CUT_OFF,
    /** A long-lived stream was ended by the drain before its answer was complete. */
    DRAINED
}
