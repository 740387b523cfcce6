package io.lynx.app;

/** How much a logger says; each level includes those before it. */
public enum LogLevel {
    /** Nothing. */
    OFF,
    /** Something failed and was not made good. */
    ERROR,
    /** A person should look. */
    WARN,
    /** The few lines that tell a process's life. */
    INFO,
    /** What helps to find a fault. */
    DEBUG,
    /** Every step. */
    TRACE
}
