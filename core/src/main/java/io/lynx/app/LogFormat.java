package io.lynx.app;

/** What a log line looks like. */
public enum LogFormat {
    /** {@link #TEXT} if standard output is a terminal, else {@link #JSON}. */
    AUTO,
    /** One compact line for people, stack traces under it. */
    TEXT,
    /** One JSON object a line, for machines. */
    JSON
}
