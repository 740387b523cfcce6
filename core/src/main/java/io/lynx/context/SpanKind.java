package io.lynx.context;

/** What a span stands for. */
public enum SpanKind {
    /** The handling of a request that another process has made. */
    SERVER,
    /** A call of another process. */
    CLIENT,
    /** Work inside this process. */
    INTERNAL
}
