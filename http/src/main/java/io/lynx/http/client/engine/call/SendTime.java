package io.lynx.http.client.engine.call;

/**
 * When an attempt was sent, so that the time in which its connection was made does not count as time of the server. For one
 * thread.
 */
public final class SendTime {
    private long at;

    /** An attempt that began at this reading of the ticker. */
    public SendTime(long begun) {
        this.at = begun;
    }

    /** It is being sent now. */
    void sent(long now) {
        at = now;
    }

    /** A reading of the ticker: when the attempt was sent, or began if it was not. */
    public long at() {
        return at;
    }
}
