package io.lynx.transport.engine.connection;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.DefaultSocketChannelConfig;
import io.netty.channel.socket.SocketChannelConfig;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.function.BooleanSupplier;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/**
 * A client's socket. It can be read outside of the event loop's turn, before an unused connection is closed; and it is not read
 * while the client does not read: so what waits to be written, answers and frames that acknowledge or refuse, stays bounded.
 */
final class AcceptedChannel extends NioSocketChannel {
    private static final int READ_SIZE = 4096;
    private static final int UNWRITTEN_LOW = 64 * 1024;
    private static final int UNWRITTEN_HIGH = 256 * 1024;

    /** Bytes of one read of an expensive connection. */
    private static final int LITTLE = 128;

    private static final int PROBE_SECONDS = 10;
    private static final int PROBES = 3;

    private final @Nullable BoundedConfig bounded;
    private boolean readsLittle;
    private boolean isHeld;
    private boolean isReadMissed;
    private BooleanSupplier answersHalfClosed = () -> false;

    AcceptedChannel(Channel parent, SocketChannel socket) {
        super(parent, socket);
        BoundedConfig config = new BoundedConfig();
        config.setRecvByteBufAllocator(new FairReads());
        config.setWriteBufferWaterMark(new WriteBufferWaterMark(UNWRITTEN_LOW, UNWRITTEN_HIGH));
        this.bounded = config;
    }

    /** The constructor of the superclass calls this too. */
    @Override
    public SocketChannelConfig config() {
        BoundedConfig config = bounded;
        return config == null ? super.config() : config;
    }

    /** Sets what decides whether the connection stays open when the client has finished sending. */
    void halfClosure(BooleanSupplier answersHalfClosed) {
        this.answersHalfClosed = answersHalfClosed;
    }

    /**
     * Asks the client's system from now on whether it still knows the connection (RFC 9293, 3.8.4): a client that has finished
     * sending and has gone shows that by nothing else, unless something is written.
     */
    void probeClient() {
        config().setKeepAlive(true);
        config().setOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE), PROBE_SECONDS);
        config().setOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL), PROBE_SECONDS);
        config().setOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT), PROBES);
    }

    /**
     * Returns whether the connection was reset, or is known to have broken, though its input has ended, so that reading shows
     * nothing. On the event loop.
     */
    boolean isBroken() {
        try (Selector selector = Selector.open()) {
            // An open socket becomes ready to connect only by an error (poll(2), POLLERR and POLLHUP).
            SelectionKey _ = javaChannel().register(selector, SelectionKey.OP_CONNECT);
            return selector.selectNow() > 0;
        } catch (IOException | IllegalArgumentException closed) {
            return true;
        }
    }

    /** The client does not take what waits to be written, or takes it again. On the event loop. */
    void writabilityChanged() {
        BoundedConfig config = bounded;
        if (config != null) {
            config.suspendReads(!isWritable());
        }
    }

    /** Stops or resumes reading while what was read waits for its turn. On the event loop. */
    void holdReads(boolean hold) {
        isHeld = hold;
        BoundedConfig config = bounded;
        if (config != null) {
            config.holdReads(hold);
        }
        if (!hold && isReadMissed) {
            isReadMissed = false;
            Channel _ = read();
        }
    }

    /** The handler of TLS reads even if the channel must not, until its handshake is done: that would overtake what waits. */
    @Override
    protected void doBeginRead() throws Exception {
        if (isHeld) {
            isReadMissed = true;
        } else {
            super.doBeginRead();
        }
    }

    /** Reads little at a time from now on: what this client sends costs much more time than its length suggests. */
    void readLittle() {
        readsLittle = true;
    }

    /** Limits one read of an expensive connection, so that the others on its event loop are served in between. */
    private final class FairReads implements RecvByteBufAllocator {
        private final RecvByteBufAllocator usual = new AdaptiveRecvByteBufAllocator();

        @Override
        @SuppressWarnings("deprecation") // The library still asks for this type.
        public Handle newHandle() {
            return new DelegatingHandle(usual.newHandle()) {
                @Override
                public ByteBuf allocate(ByteBufAllocator allocator) {
                    return readsLittle ? allocator.ioBuffer(LITTLE) : super.allocate(allocator);
                }

                @Override
                public boolean continueReading() {
                    return !readsLittle && super.continueReading();
                }
            };
        }
    }

    /** Reads automatically when the library wants to and the client takes what is written. */
    private final class BoundedConfig extends DefaultSocketChannelConfig {
        private boolean wanted = true;
        private boolean suspended;
        private boolean held;

        BoundedConfig() {
            super(AcceptedChannel.this, javaChannel().socket());
        }

        @Override
        public synchronized SocketChannelConfig setAutoRead(boolean autoRead) {
            wanted = autoRead;
            apply();
            return this;
        }

        @Override
        public boolean isAllowHalfClosure() {
            return answersHalfClosed.getAsBoolean();
        }

        synchronized void suspendReads(boolean suspend) {
            suspended = suspend;
            apply();
        }

        synchronized void holdReads(boolean hold) {
            held = hold;
            apply();
        }

        @GuardedBy("this")
        private void apply() {
            super.setAutoRead(wanted && !suspended && !held);
        }

        @Override
        protected void autoReadCleared() {
            clearReadPending();
        }
    }

    /** Reads what has arrived since the last turn; returns whether anything has. On the event loop. */
    boolean readNow() {
        if (isHeld) {
            return true;
        }
        ByteBuf buffer = alloc().buffer(READ_SIZE);
        int count;
        try {
            count = buffer.writeBytes(javaChannel(), buffer.writableBytes());
        } catch (IOException e) {
            count = -1;
        }
        if (count <= 0) {
            buffer.release();
            return false;
        }
        pipeline().fireChannelRead(buffer);
        pipeline().fireChannelReadComplete();
        return true;
    }
}
