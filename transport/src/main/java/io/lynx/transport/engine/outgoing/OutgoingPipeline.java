package io.lynx.transport.engine.outgoing;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.group.ChannelGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import org.jspecify.annotations.Nullable;

/** Prepares the channel of a new connection. Belongs to one connection. */
public final class OutgoingPipeline extends ChannelInitializer<Channel> {
    /** The name of the handler that a connection replaces when it is established. */
    static final String UNTIL_ESTABLISHED = "until-established";

    private final ConnectAttempt attempt;
    private final @Nullable SslContext tls;
    private final String serverName;
    private final int port;
    private final ChannelGroup channels;

    public OutgoingPipeline(
            ConnectAttempt attempt, @Nullable SslContext tls, String serverName, int port, ChannelGroup channels) {
        this.attempt = attempt;
        this.tls = tls;
        this.serverName = serverName;
        this.port = port;
        this.channels = channels;
    }

    @Override
    protected void initChannel(Channel channel) {
        channels.add(channel);
        SslHandler handler = null;
        if (tls != null) {
            handler = tls.newHandler(channel.alloc(), serverName, port);
            // The client that waits has the time limit.
            handler.setHandshakeTimeoutMillis(0);
            channel.pipeline().addLast(handler);
        }
        channel.pipeline().addLast(UNTIL_ESTABLISHED, new EarlyBytes());
        attempt.opened(channel, handler, serverName);
    }
}
