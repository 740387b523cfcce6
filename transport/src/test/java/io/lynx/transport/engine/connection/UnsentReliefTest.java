package io.lynx.transport.engine.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.plugin.InFlight;
import io.lynx.testkit.Await;
import io.lynx.testkit.ManualTime;
import io.lynx.transport.LogLimit;
import io.lynx.transport.ProtocolServer;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.nio.NioIoHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections that are closed since too much waits for their clients. */
class UnsentReliefTest {
    private static final int MOST = 1000;

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    private final List<AutoCloseable> sockets = new ArrayList<>();
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final UnsentBytes unsent = new UnsentBytes(new LogLimit(new ManualTime()), MOST);
    private final ListenerState state = new ListenerState(
            ProtocolServer.spec(ProtocolServer.config(10, null), ProtocolServer.handler(_ -> {})),
            new InFlight(),
            _ -> {},
            new OpenFilesLimit().enter(ProtocolServer.config(10, null)));

    /** A connection that has ended when its streams have, in a later turn than its socket. */
    private final class Open {
        final AcceptedChannel channel;
        final Connection connection;
        private final ChannelInboundHandlerAdapter streams = new ChannelInboundHandlerAdapter() {
            @Override
            public void channelInactive(ChannelHandlerContext context) {
                keep(Math.toIntExact(-connection.unsent()));
            }
        };

        Open() throws Exception {
            try (ServerSocketChannel listening = ServerSocketChannel.open()) {
                listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                sockets.add(SocketChannel.open(listening.getLocalAddress()));
                channel = new AcceptedChannel(new LocalChannel(), listening.accept());
            }
            connection = new Connection(state, channel, null);
            channel.pipeline().addFirst("connection", connection).addLast(streams);
            connections.add(connection);
            channel.closeFuture().addListener(_ -> connections.remove(connection));
            loops.register(channel).sync();
        }

        void keep(int bytes) {
            connection.unsent(bytes);
            if (unsent.add(bytes) && bytes > 0) {
                unsent.relieve(connections);
            }
        }

        /** Waits until the tasks of the event loop, and those that they add, have run. */
        boolean isOpen() throws Exception {
            EventLoop loop = channel.eventLoop();
            for (int turn = 0; turn < 4; turn++) {
                loop.submit(() -> {}).sync();
            }
            return channel.isOpen();
        }
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable socket : sockets) {
            socket.close();
        }
        loops.shutdownGracefully(0, 0, TimeUnit.SECONDS).sync();
    }

    @Test
    void noOtherConnectionIsClosedWhileTheStreamsOfOneEnd() throws Exception {
        Open slow = new Open();
        Open healthy = new Open();
        CountDownLatch closed = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        // Runs between the end of the socket and that of the streams.
        slow.channel.closeFuture().addListener(_ -> slow.channel.eventLoop().execute(() -> {
            closed.countDown();
            awaitQuietly(released);
        }));

        slow.keep(MOST);
        healthy.keep(1);
        assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
        healthy.keep(1);
        assertThat(healthy.isOpen()).isTrue();
        released.countDown();

        Await.until("the streams have ended", () -> slow.connection.unsent() == 0);
        assertThat(healthy.isOpen()).isTrue();
    }

    @Test
    void anotherConnectionIsClosedIfTheFirstWasNotEnough() throws Exception {
        Open first = new Open();
        Open second = new Open();

        first.keep(2 * MOST);
        Await.until("it is closed", () -> !first.channel.isOpen());
        Await.until("its streams have ended", () -> first.connection.unsent() == 0);
        assertThat(first.isOpen()).isFalse();
        second.keep(MOST + 1);

        Await.until("it is closed", () -> !second.channel.isOpen());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            boolean _ = latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
