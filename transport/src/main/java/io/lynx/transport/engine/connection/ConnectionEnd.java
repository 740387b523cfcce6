package io.lynx.transport.engine.connection;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.http.HttpConnection;
import java.util.concurrent.TimeUnit;

/**
 * The end of one connection without the loss of a request. An HTTP/1.1 answer with {@code Connection: close} is followed by the
 * end of our output. What the client sends after it is read and dropped until it closes, for {@link #FAREWELL} at most: closing
 * at once could destroy the answer on its way (RFC 9112, 9.6). An unused connection is closed when nothing arrived for the
 * linger, after the socket has been read again. {@link Http2Farewell} does the same for HTTP/2, whose client closes the
 * connection itself and has the linger for it. Belongs to the event loop, but for what says otherwise.
 */
final class ConnectionEnd {
    private static final long FAREWELL = TimeUnit.MILLISECONDS.toNanos(1000);

    private final Connection connection;
    private final ListenerState state;
    private final AcceptedChannel channel;
    private final Http1Messages http1;
    private final Http2Farewell http2 = new Http2Farewell();
    private boolean leaving;
    private long leaveBy;
    private boolean inputEnded;
    private volatile boolean closeAfterAnswer;

    /** How many requests there are in all, once the last has been read; -1 before. */
    private volatile int lastRequest = -1;

    ConnectionEnd(Connection connection, ListenerState state, AcceptedChannel channel, Http1Messages http1) {
        this.connection = connection;
        this.state = state;
        this.channel = channel;
        this.http1 = http1;
    }

    /** The connection serves HTTP/2. */
    void beginHttp2(HttpConnection http) {
        http2.begin(http);
    }

    /** The client sends no more requests than {@code count}. */
    void lastRequest(int count) {
        lastRequest = count;
    }

    /** The client has finished sending: after the answer to the last request there is nothing to read. */
    void inputEnded(int requests) {
        inputEnded = true;
        lastRequest = requests;
    }

    boolean isInputEnded() {
        return inputEnded;
    }

    /** Whether an answer that is about to be written is the last on this connection; HTTP/1.1, any thread. */
    boolean closesAfter(AnsweringStream stream) {
        boolean isLast = http1.streams() == lastRequest || (state.isAnnounced() && !http1.isAnyWaiting());
        if (isLast || !stream.isBodyRead()) {
            closeAfterAnswer = true;
        }
        return closeAfterAnswer;
    }

    /** The answer that is being written is the last; any thread. */
    void closeAfterAnswer() {
        closeAfterAnswer = true;
    }

    boolean closesAfterAnswer() {
        return closeAfterAnswer;
    }

    /** Whether nothing more is served: our output has ended or is about to. */
    boolean isLeaving() {
        return leaving;
    }

    /** Asks an HTTP/2 client to open no more streams. */
    void announceHttp2() {
        http2.announce();
    }

    /** Tells an HTTP/2 client of an error of the connection, and ends it. */
    void failHttp2(int code) {
        http2.fail(code);
        leave();
    }

    /** The last stream has ended: ends the connection if it was the last one of all. */
    void idle() {
        if (!connection.isHttp2() && (closeAfterAnswer || (inputEnded && !http1.isAnyWaiting()))) {
            leave();
        } else if (state.phase() == ListenerState.Phase.DRAINING) {
            drain();
        }
    }

    /** Ends the connection as soon as nothing can be lost by it. */
    void drain() {
        if (leaving || !channel.isActive()) {
            return;
        }
        if (connection.isHttp2()) {
            drainHttp2();
        } else if (connection.streams().isEmpty() && !http1.isHeadPending()) {
            long left = state.linger() - (state.now() - connection.streams().quietSince());
            if (left > 0) {
                later(left, this::drain);
            } else if (!channel.readNow()) {
                channel.close();
            } else if (connection.streams().isEmpty()) {
                // A part of a TLS record, or of a head, which has its own limit.
                connection.streams().quiet();
                later(Math.max(state.linger(), state.checkInterval()), this::drain);
            }
        }
    }

    private void drainHttp2() {
        http2.announce();
        if (http2.isLastStreamNamed()) {
            if (connection.streams().isEmpty()) {
                // Clients exist that drop an answer which they have not passed on yet when the connection ends.
                long left = state.linger() - (state.now() - connection.streams().quietSince());
                if (left > 0) {
                    later(left, this::drain);
                } else {
                    leave();
                }
            }
        } else if (http2.ping(state.now(), this::nameLastStream)) {
            later(FAREWELL, this::nameLastStream);
        }
    }

    private void nameLastStream() {
        if (channel.isActive() && http2.nameLastStream()) {
            drain();
        }
    }

    /** Ends our output, and reads on until the client closes. */
    void leave() {
        ChannelHandlerContext here = connection.context();
        if (leaving || here == null || !channel.isActive()) {
            return;
        }
        leaving = true;
        leaveBy = state.now() + FAREWELL;
        channel.config().setAutoRead(true);
        connection.sendNow();
        here.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> {
            SslHandler tls = channel.pipeline().get(SslHandler.class);
            if (tls == null) {
                endOutput();
            } else {
                tls.closeOutbound().addListener(_ -> endOutput());
            }
        });
        later(FAREWELL, connection::closeNow);
    }

    private void endOutput() {
        if (inputEnded) {
            connection.closeNow();
        } else {
            ChannelFuture _ = channel.shutdownOutput();
        }
    }

    /** Returns whether the connection is leaving; closes it if that takes too long. */
    boolean check(long now) {
        if (leaving && now - leaveBy > 0) {
            connection.closeNow();
        }
        return leaving;
    }

    private void later(long nanos, Runnable task) {
        state.timer().after(nanos, channel.eventLoop(), task);
    }
}
