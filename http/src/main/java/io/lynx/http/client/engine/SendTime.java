package io.lynx.http.client.engine;

/**
 * When an attempt was sent, so that the time in which its connection was made does not count as time of the server. For one
 * thread.
 */
final class SendTime {
    /** A reading of the ticker: when the attempt began, until it is sent. */
    long at;

    SendTime(long begun) {
        this.at = begun;
    }
}
