package io.lynx.app;

/** The format of log lines. */
public enum LogFormat {
    /** {@link #TEXT} if standard output is a terminal, otherwise {@link #JSON}. */
    AUTO,
    /** One compact line for people, with stack traces below it. */
    TEXT,
    /** One JSON object per line, for machines. */
    JSON
}
