package io.lynx.app;

/** How much a logger writes. Each level includes those before it. */
public enum LogLevel {
    /** Nothing. */
    OFF,
    /** Failures that were not recovered. */
    ERROR,
    /** Lines that need the attention of an operator. */
    WARN,
    /** The few lines that describe the life of a process. */
    INFO,
    /** Details that help to find a fault. */
    DEBUG,
    /** Every step. */
    TRACE
}
