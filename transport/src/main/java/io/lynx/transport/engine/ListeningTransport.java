package io.lynx.transport.engine;

import io.lynx.transport.engine.connection.ListenChannel;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.vertx.core.spi.transport.Transport;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * NIO with our own listening sockets. One group of event loops accepts and serves; a listening socket is registered with the
 * event loop that it was made for. Thread-safe.
 */
final class ListeningTransport implements Transport {
    private @Nullable EventLoopGroup group;
    private @Nullable Supplier<ListenChannel> sockets;

    /** Makes the listening sockets that are asked for from now on; one listener opens at a time. */
    synchronized void sockets(Supplier<ListenChannel> sockets) {
        this.sockets = sockets;
    }

    private synchronized ListenChannel socket() {
        Supplier<ListenChannel> current = sockets;
        if (current == null) {
            throw new IllegalStateException("transport: a listening socket was asked for while no listener opens");
        }
        return current.get();
    }

    @Override
    public IoHandlerFactory ioHandlerFactory() {
        return NioIoHandler.newFactory();
    }

    @Override
    public synchronized EventLoopGroup eventLoopGroup(int type, int count, ThreadFactory threads, int ioRatio) {
        EventLoopGroup known = group;
        if (known == null) {
            known = new EventLoops(count, threads);
            group = known;
        }
        return known;
    }

    private static final class EventLoops extends MultiThreadIoEventLoopGroup {
        EventLoops(int count, ThreadFactory threads) {
            super(count, named(threads), NioIoHandler.newFactory());
        }

        private static ThreadFactory named(ThreadFactory threads) {
            AtomicInteger number = new AtomicInteger();
            return task -> {
                Thread thread = threads.newThread(task);
                thread.setName("lynx-io-" + number.incrementAndGet());
                return thread;
            };
        }

        @Override
        public ChannelFuture register(Channel channel) {
            return channel instanceof ListenChannel socket ? socket.loop().register(channel) : super.register(channel);
        }
    }

    @Override
    public DatagramChannel datagramChannel() {
        return new NioDatagramChannel();
    }

    @Override
    @SuppressWarnings("deprecation")
    public DatagramChannel datagramChannel(InternetProtocolFamily family) {
        return new NioDatagramChannel(family);
    }

    @Override
    public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
        return NioSocketChannel::new;
    }

    @Override
    public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
        return this::socket;
    }
}
