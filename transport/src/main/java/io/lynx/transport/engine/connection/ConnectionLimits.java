package io.lynx.transport.engine.connection;

import io.lynx.transport.ListenerObserver;
import io.lynx.transport.engine.framing.FramingGate;
import io.lynx.transport.engine.framing.Http2Framing;
import io.lynx.transport.engine.framing.Http2TimeLimits;
import io.lynx.transport.engine.framing.RawAnswer;
import io.netty.channel.ChannelHandlerContext;

/**
 * The time limits of one connection: for a head that arrives, for the frames of HTTP/2, for idleness; each stream has its own.
 * Belongs to the event loop.
 */
final class ConnectionLimits {
    private final Connection connection;
    private final ListenerState state;
    private final AcceptedChannel channel;
    private final Http1Messages http1;
    private final Http2TimeLimits http2;

    ConnectionLimits(
            Connection connection,
            ListenerState state,
            AcceptedChannel channel,
            Http1Messages http1,
            FramingGate framing) {
        this.connection = connection;
        this.state = state;
        this.channel = channel;
        this.http1 = http1;
        this.http2 = new Http2TimeLimits(framing, state.headerTimeout());
    }

    /** The connection serves HTTP/2 from now on. */
    void beginHttp2() {
        http2.begin(state.now());
    }

    /** Ends the connection, or a stream of it, if it exceeds a limit. */
    void check(long now) {
        if (connection.end().check(now)) {
            return;
        }
        ProxyGate proxy = connection.proxy();
        if (proxy != null && !proxy.isOpen()) {
            proxy.check(now);
            return;
        }
        int late = connection.isHttp2() ? http2.exceeded(now) : Http2Framing.NO_ERROR;
        if (late != Http2Framing.NO_ERROR) {
            connection.end().failHttp2(late);
        } else if (!connection.streams().isEmpty()) {
            checkStreams(now);
        } else if (http1.isHeadPending()) {
            if (now - http1.headSince() > state.headerTimeout()) {
                refuseSlowHead();
            }
        } else if (now - connection.streams().quietSince() > state.idleTimeout()) {
            channel.close();
        }
    }

    private void checkStreams(long now) {
        if (connection.isClientGone()) {
            connection.closeNow();
        } else {
            connection.streams().forEach(stream -> stream.check(now));
        }
    }

    private void refuseSlowHead() {
        if (Http1Messages.isHttp1(channel)) {
            refuse(408, state.observer().headTimedOut(state.now() - http1.headSince()));
        } else {
            state.observer().handshakeTimedOut();
            channel.close();
        }
    }

    /** Answers a request of HTTP/1.1 whose framing is invalid, and ends the connection. */
    void refuseMalformed(int status, String detail) {
        refuse(status, state.observer().malformed(status, detail));
    }

    /** Ends a connection on which too many TLS records had no content. */
    void refuseEmptyRecords() {
        if (connection.isHttp2()) {
            connection.end().failHttp2(Http2Framing.ENHANCE_YOUR_CALM);
        } else if (connection.streams().isEmpty()) {
            refuseMalformed(400, "too many TLS records have no content");
        } else {
            connection.closeNow();
        }
    }

    private void refuse(int status, ListenerObserver.Refusal refusal) {
        ChannelHandlerContext here = connection.plain();
        if (here != null) {
            here.writeAndFlush(RawAnswer.refusing(status, state.date().now().toString(), refusal));
            connection.end().leave();
        }
    }
}
