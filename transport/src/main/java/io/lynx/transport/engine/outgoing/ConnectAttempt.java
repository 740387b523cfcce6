package io.lynx.transport.engine.outgoing;

import io.lynx.transport.Connector.Connecting;
import io.lynx.transport.Connector.ConnectionListener;
import io.lynx.transport.ConnectorSpec;
import io.lynx.transport.OutgoingException;
import io.lynx.transport.engine.tls.TlsFailure;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;
import org.jspecify.annotations.Nullable;

/** An attempt to connect, with the TLS handshake if there is one. Its state belongs to the event loop. */
public final class ConnectAttempt implements Connecting {
    private final ConnectorSpec spec;
    private final EventLoop loop;
    private final ConnectionListener listener;
    private @Nullable Channel channel;
    private @Nullable SslHandler tls;
    private String serverName = "";
    private boolean isOver;

    public ConnectAttempt(ConnectorSpec spec, EventLoop loop, ConnectionListener listener) {
        this.spec = spec;
        this.loop = loop;
        this.listener = listener;
    }

    /** The channel exists and is not connected. On the event loop. */
    void opened(Channel opened, @Nullable SslHandler handler, String name) {
        this.channel = opened;
        this.tls = handler;
        this.serverName = name;
        if (isOver) {
            opened.close();
        }
    }

    public void start(ChannelFuture connected) {
        connected.addListener(_ -> {
            SslHandler handler = tls;
            if (isOver) {
                connected.channel().close();
            } else if (!connected.isSuccess()) {
                fail(OutgoingException.Kind.CONNECT, "the connection failed", connected.cause());
            } else if (handler == null) {
                established(connected.channel());
            } else {
                handler.handshakeFuture().addListener(result -> secured(connected.channel(), result.cause()));
            }
        });
    }

    private void secured(Channel connected, @Nullable Throwable failure) {
        if (isOver) {
            return;
        }
        if (failure == null) {
            established(connected);
        } else {
            fail(OutgoingException.Kind.TLS, TlsFailure.describe(failure, serverName), failure);
        }
    }

    private void established(Channel connected) {
        if (!connected.isActive()) {
            fail(OutgoingException.Kind.CONNECT, "the server closed the connection", null);
            return;
        }
        SslHandler handler = tls;
        boolean isNegotiated = handler != null && "h2".equals(handler.applicationProtocol());
        boolean isHttp2 =
                switch (spec.version()) {
                    case HTTP_1_1 -> false;
                    case NEGOTIATED -> isNegotiated;
                    case HTTP_2 -> true;
                };
        if (isHttp2 && handler != null && !isNegotiated) {
            fail(OutgoingException.Kind.TLS, "the server does not support HTTP/2", null);
            return;
        }
        isOver = true;
        listener.connected(
                isHttp2
                        ? MultiplexedConnection.on(connected, spec, listener)
                        : Http1Connection.on(connected, handler != null, spec.maxHeaderSize(), listener));
        // Last, as it passes on what the server has sent already.
        connected.pipeline().remove(OutgoingPipeline.UNTIL_ESTABLISHED);
    }

    private void fail(OutgoingException.Kind kind, String message, @Nullable Throwable cause) {
        isOver = true;
        close();
        listener.connectFailed(new OutgoingException(kind, true, message, cause));
    }

    private void close() {
        Channel open = channel;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public void cancel() {
        boolean _ = LoopTasks.run(loop, () -> {
            if (!isOver) {
                isOver = true;
                close();
            }
        });
    }
}
