package io.lynx.recovery;

/** What an error says about trying again. */
public enum Disposition {
    /** It may work the next time. */
    TRANSIENT,
    /** It may work later; whoever answered asks for less. */
    THROTTLED,
    /** The same call fails again. */
    PERMANENT,
    /** The virtual machine or the code itself is broken. */
    FATAL,
    /** The caller gave up; nothing is known to be wrong. Never answered with a restart. */
    CANCELLED,
    /** A policy of our own refused the call before it was made: counted, but no error. */
    REJECTED,
    /** Nobody knows. */
    UNKNOWN
}
