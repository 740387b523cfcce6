package io.lynx.recovery;

/** Whether another attempt may help after an error. */
public enum Disposition {
    /** The next attempt may succeed. */
    TRANSIENT,
    /** A later attempt may succeed; the called service asked for less load. */
    THROTTLED,
    /** The same call will fail again. */
    PERMANENT,
    /** The virtual machine or the code itself is broken. */
    FATAL,
    /** The caller cancelled; nothing is known to be wrong. Never leads to a restart. */
    CANCELLED,
    /** A policy of the framework rejected the call before it was made; counted, but not as an error. */
    REJECTED,
    /** Unknown. */
    UNKNOWN
}
