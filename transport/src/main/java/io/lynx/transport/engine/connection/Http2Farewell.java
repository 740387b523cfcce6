package io.lynx.transport.engine.connection;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import org.jspecify.annotations.Nullable;

/**
 * The end of an HTTP/2 connection (RFC 9113, 6.8). The client gets {@code GOAWAY} with 2³¹−1; its answer to a {@code PING}
 * behind it proves that it knows, and then the real last stream is named. Belongs to the event loop.
 */
final class Http2Farewell {
    private static final int LAST_STREAM = Integer.MAX_VALUE;

    private @Nullable HttpConnection http;
    private boolean announced;
    private boolean pinged;
    private boolean lastStreamNamed;

    void begin(HttpConnection http) {
        this.http = http;
    }

    /** Asks the client to open no more streams. */
    void announce() {
        HttpConnection connection = http;
        if (!announced && connection != null) {
            announced = true;
            connection.goAway(0, LAST_STREAM);
        }
    }

    /**
     * Sends the ping.
     *
     * @param answered runs when its answer arrives
     * @return whether it was sent by this call
     */
    boolean ping(long now, Runnable answered) {
        HttpConnection connection = http;
        if (pinged || connection == null) {
            return false;
        }
        pinged = true;
        connection.ping(Buffer.buffer(Long.BYTES).appendLong(now)).onComplete(_ -> answered.run());
        return true;
    }

    /** Names the last stream that is served; returns whether this call did. */
    boolean nameLastStream() {
        HttpConnection connection = http;
        if (lastStreamNamed || connection == null) {
            return false;
        }
        lastStreamNamed = true;
        connection.goAway(0);
        return true;
    }

    /** Tells the client of an error of the connection, which ends. */
    void fail(int code) {
        HttpConnection connection = http;
        if (connection != null) {
            connection.goAway(code);
        }
    }

    boolean isLastStreamNamed() {
        return lastStreamNamed;
    }
}
