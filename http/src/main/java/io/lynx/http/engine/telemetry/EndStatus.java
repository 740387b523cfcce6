package io.lynx.http.engine.telemetry;

/** The statuses of requests whose end is not that of an answer, in metrics, spans and the access log. */
public final class EndStatus {
    /** The client went away or did not take the whole answer; nginx uses this code. */
    public static final int CLIENT_GONE = 499;

    /** The request was cut off at the end of a drain. */
    public static final int CUT_OFF = 503;

    /** The connection has switched to another protocol. */
    public static final int SWITCHED = 101;

    private EndStatus() {}
}
