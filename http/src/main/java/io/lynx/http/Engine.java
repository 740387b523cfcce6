package io.lynx.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxBootstrap;
import io.vertx.core.spi.file.FileResolver;
import io.vertx.core.spi.transport.Transport;
import java.io.File;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Vert.x, with nothing but what a server needs: NIO, its event loops named for the listener, our own listening sockets, no
 * cache of files, no metrics, no verticles. Each listener has its own, so that one with its loops busy disturbs no other.
 */
final class Engine implements AutoCloseable {
    private static final String DNS_RESOLVER_OFF = "vertx.disableDnsResolver";

    private final Vertx vertx;
    private final Queue<EventLoopGroup> groups = new ConcurrentLinkedQueue<>();

    Engine(String name, int loops, Supplier<ListenChannel> listeners) {
        VertxOptions options = new VertxOptions()
                .setEventLoopPoolSize(loops)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setUseDaemonThread(true)
                .setBlockedThreadCheckInterval(1)
                .setBlockedThreadCheckIntervalUnit(TimeUnit.DAYS);
        VertxBootstrap bootstrap = VertxBootstrap.create()
                .options(options)
                .transport(new NioListeners(name, listeners, groups))
                .fileResolver(new PlainFiles())
                .serviceProviders(List.of())
                .verticleFactories(List.of())
                .init();
        this.vertx = withoutDnsResolver(bootstrap::vertx);
    }

    /**
     * A server resolves one name, the address it listens on, which the JDK can; the asynchronous resolver is a hundred
     * classes on the way to the first answer. Only a system property leaves it out, so that is set for the moment.
     */
    private static Vertx withoutDnsResolver(Supplier<Vertx> making) {
        synchronized (Engine.class) {
            if (System.getProperty(DNS_RESOLVER_OFF) != null) {
                return making.get();
            }
            System.setProperty(DNS_RESOLVER_OFF, "true");
            try {
                return making.get();
            } finally {
                System.clearProperty(DNS_RESOLVER_OFF);
            }
        }
    }

    Vertx vertx() {
        return vertx;
    }

    /** Ends the event loops, and returns before they have ended: their threads are daemons, and nobody waits for them. */
    @Override
    public void close() {
        vertx.close();
    }

    private static final class PlainFiles implements FileResolver {
        @Override
        public File resolve(String name) {
            return new File(name);
        }

        @Override
        public void close() {}
    }

    private record NioListeners(String name, Supplier<ListenChannel> listeners, Queue<EventLoopGroup> groups)
            implements Transport {
        @Override
        public IoHandlerFactory ioHandlerFactory() {
            return NioIoHandler.newFactory();
        }

        @Override
        public EventLoopGroup eventLoopGroup(int type, int count, ThreadFactory threads, int ioRatio) {
            if (type == ACCEPTOR_EVENT_LOOP_GROUP && groups.size() == 1) {
                return groups.element();
            }
            AtomicInteger number = new AtomicInteger();
            ThreadFactory named = task -> {
                Thread thread = threads.newThread(task);
                thread.setName("lynx-" + name + "-io-" + number.incrementAndGet());
                return thread;
            };
            EventLoopGroup group = new MultiThreadIoEventLoopGroup(count, named, ioHandlerFactory());
            groups.add(group);
            return group;
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
            return listeners::get;
        }
    }
}
