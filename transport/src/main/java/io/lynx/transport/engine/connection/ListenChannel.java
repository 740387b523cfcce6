package io.lynx.transport.engine.connection;

import io.lynx.extension.UserCode;
import io.lynx.transport.LogThread;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listening socket. It passes on connections that have a {@link Connection} as their first handler, and can be closed
 * without losing one that the operating system has accepted.
 */
public final class ListenChannel extends NioServerSocketChannel {
    private static final Logger LOG = LoggerFactory.getLogger(ListenChannel.class);
    private static final int RETRY_MILLIS = 100;
    private static final int REFILL_MILLIS = 1;

    private final ListenerState state;
    private final EventLoop loop;
    /** Null for a listener that does not serve probes. */
    private final @Nullable SpareDescriptors spares;

    public ListenChannel(ListenerState state, EventLoop loop) {
        this.state = state;
        this.loop = loop;
        this.spares = state.servesProbes() ? new SpareDescriptors() : null;
        refillSpares();
    }

    private void refillSpares() {
        if (spares != null) {
            spares.refill();
        }
    }

    @Override
    protected void doClose() throws Exception {
        try {
            if (spares != null) {
                spares.close();
            }
        } finally {
            super.doClose();
        }
    }

    /** The event loop that accepts. */
    public EventLoop loop() {
        return loop;
    }

    /** Closes the socket when the listener could not be opened, whether the library has used it or not. */
    public void closeOnFailure(long timeoutMillis) {
        if (isRegistered()) {
            boolean _ = close().awaitUninterruptibly(timeoutMillis);
        } else {
            unsafe().closeForcibly();
        }
    }

    @Override
    protected int doReadMessages(List<Object> accepted) throws Exception {
        SocketChannel socket = accept();
        if (socket == null) {
            return 0;
        }
        if (!state.accepts()) {
            socket.close();
            return 0;
        }
        try {
            Peer peer = Peer.of(socket);
            if (!ProxyGate.takes(state, socket.socket().getInetAddress())) {
                socket.close();
                return 1;
            }
            AcceptedChannel channel = new AcceptedChannel(this, socket);
            Connection connection = new Connection(state, channel, null);
            channel.pipeline().addFirst("connection", connection);
            state.opened(connection, peer);
            connection.onEnd(() -> state.closed(connection, peer));
            channel.closeFuture().addListener(_ -> {
                if (spares != null && isOpen()) {
                    // The selector frees the descriptor in its next turn.
                    channel.eventLoop().schedule(this::refillSpares, REFILL_MILLIS, TimeUnit.MILLISECONDS);
                }
            });
            accepted.add(channel);
            return 1;
        } catch (Throwable failure) {
            // The library closes a listening socket for any failure but an IOException.
            socket.close();
            UserCode.rethrowIfFatal(failure);
            throw failure instanceof IOException e ? e : new IOException("connection: it cannot be set up", failure);
        }
    }

    /** Accepts a connection; null if none waits, or if it cannot be accepted now. */
    private @Nullable SocketChannel accept() throws IOException {
        try {
            return javaChannel().accept();
        } catch (IOException e) {
            if (!isOpen()) {
                throw e;
            }
            if (spares != null && spares.release()) {
                return acceptInPlaceOfASpare(spares);
            }
            config().setAutoRead(false);
            loop.schedule(() -> config().setAutoRead(true), RETRY_MILLIS, TimeUnit.MILLISECONDS);
            if (state.logs().acquire("cannot accept") >= 0) {
                String address = String.valueOf(localAddress());
                LogThread.write(() -> LOG.atWarn()
                        .addKeyValue("reason", e.getMessage())
                        .log(
                                "Cannot accept connections on {} and retries until it can; if files are exhausted, raise the"
                                        + " limit of open files (ulimit -n) or find what keeps them open",
                                address));
            }
            return null;
        }
    }

    /** Even an attempt for which no connection waits needs a descriptor for a moment. */
    private @Nullable SocketChannel acceptInPlaceOfASpare(SpareDescriptors taken) throws IOException {
        SocketChannel socket = accept();
        if (socket == null) {
            taken.refill();
        }
        return socket;
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
    public void acceptWaiting() {
        List<Object> accepted = new ArrayList<>();
        try {
            while (isOpen() && doReadMessages(accepted) > 0) {
                if (!accepted.isEmpty()) {
                    pipeline().fireChannelRead(accepted.removeFirst());
                }
            }
            pipeline().fireChannelReadComplete();
        } catch (IOException | RuntimeException e) {
            pipeline().fireExceptionCaught(e);
        } catch (Exception e) {
            throw new IllegalStateException("listening socket: it cannot be read", e);
        }
    }
}
