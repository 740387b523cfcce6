package io.lynx.context;

/** What a span stands for. */
public enum SpanKind {
    /** The handling of a request that another process has made. */
    SERVER,
    /** A call of another process. */
    CLIENT,
    /** Work inside this process. */
    INTERNAL,
    /** The sending of a message to a broker. */
    PRODUCER,
    /** The handling of a message that another process has sent. */
    CONSUMER;

    /** Returns whether another process has caused the work. */
    public boolean isCausedRemotely() {
        return this == SERVER || this == CONSUMER;
    }
}
