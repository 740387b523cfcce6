package io.lynx.http.client.engine.balance;

/** What the end of a call says about the server. Immutable and thread-safe. */
public enum ServerVerdict {
    /** It answered. */
    HEALTHY,
    /** It failed, was silent, or said that it is not available. */
    FAILED,
    /** No connection could be made. */
    UNREACHABLE,
    /** Nothing, since the caller ended the call. */
    UNKNOWN
}
