package io.lynx.transport.engine;

import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The listening socket. It passes on connections that have a {@link Connection} as their first handler, and can be closed
 * without losing one that the operating system has accepted.
 */
final class ListenChannel extends NioServerSocketChannel {
    private final ListenerState state;
    private final EventLoop loop;

    ListenChannel(ListenerState state, EventLoop loop) {
        this.state = state;
        this.loop = loop;
    }

    /** The event loop that accepts. */
    EventLoop loop() {
        return loop;
    }

    @Override
    protected int doReadMessages(List<Object> accepted) throws Exception {
        SocketChannel socket = javaChannel().accept();
        if (socket == null) {
            return 0;
        }
        if (!state.accepts()) {
            socket.close();
            return 0;
        }
        try {
            AcceptedChannel channel = new AcceptedChannel(this, socket);
            Connection connection = new Connection(state, channel, null);
            channel.pipeline().addFirst("connection", connection);
            Peer peer = Peer.of(socket);
            state.opened(connection, peer);
            channel.closeFuture().addListener(_ -> state.closed(connection, peer));
            accepted.add(channel);
            return 1;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** Passes on a connection that is not counted, for its pipeline; {@code checked} receives whether that is supported. */
    void check(SocketChannel socket, CompletableFuture<Boolean> checked) {
        AcceptedChannel channel = new AcceptedChannel(this, socket);
        channel.pipeline().addFirst("connection", new Connection(state, channel, checked));
        loop.execute(() -> {
            pipeline().fireChannelRead(channel);
            pipeline().fireChannelReadComplete();
        });
    }

    /** Accepts what waits in the backlog. On the event loop. */
    void acceptWaiting() {
        List<Object> accepted = new ArrayList<>();
        try {
            while (isOpen() && doReadMessages(accepted) > 0) {
                pipeline().fireChannelRead(accepted.removeFirst());
            }
            pipeline().fireChannelReadComplete();
        } catch (IOException | RuntimeException e) {
            pipeline().fireExceptionCaught(e);
        } catch (Exception e) {
            throw new IllegalStateException("listening socket: it cannot be read", e);
        }
    }
}
