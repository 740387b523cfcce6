package io.lynx.transport.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.transport.Connector;
import io.lynx.transport.ConnectorSpec;
import io.lynx.transport.OutgoingException;
import io.lynx.transport.engine.outgoing.ConnectAttempt;
import io.lynx.transport.engine.outgoing.OutgoingPipeline;
import io.lynx.transport.engine.tls.ClientTlsContext;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Opens connections on the application's event loops, which it uses from its first connection on. Thread-safe. */
final class LoopConnector implements Connector {
    private final VertxEngine engine;
    private final ConnectorSpec spec;
    private final @Nullable ClientTlsContext tls;

    @GuardedBy("this")
    private VertxEngine.@Nullable Share share;

    @GuardedBy("this")
    private @Nullable ChannelGroup channels;

    @GuardedBy("this")
    private int next;

    @GuardedBy("this")
    private boolean isClosed;

    /** Reads the files of the TLS configuration, if it names any. */
    LoopConnector(VertxEngine engine, ConnectorSpec spec) {
        this.engine = engine;
        this.spec = spec;
        this.tls = spec.tls().map(files -> new ClientTlsContext(spec, files)).orElse(null);
    }

    @Override
    public Connecting connect(InetSocketAddress address, String serverName, ConnectionListener listener) {
        Place place = place();
        ConnectAttempt attempt = new ConnectAttempt(spec, place.loop(), listener);
        SslContext context;
        try {
            context = tls == null ? null : tls.current();
        } catch (IllegalArgumentException unusable) {
            place.loop()
                    .execute(() -> listener.connectFailed(new OutgoingException(
                            OutgoingException.Kind.TLS, true, "" + unusable.getMessage(), unusable)));
            return () -> {};
        }
        Bootstrap bootstrap = new Bootstrap()
                .group(place.loop())
                .channel(NioSocketChannel.class)
                .disableResolver()
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                // The answer to a call that could not be sent completely may have arrived: it is read before the
                // channel closes.
                .option(ChannelOption.AUTO_CLOSE, false)
                // The client that waits has the time limit.
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0)
                .handler(new OutgoingPipeline(attempt, context, serverName, address.getPort(), place.channels()));
        attempt.start(bootstrap.connect(address));
        return attempt;
    }

    /** Where the next connection belongs. */
    private record Place(EventLoop loop, ChannelGroup channels) {}

    private synchronized Place place() {
        if (isClosed) {
            throw new IllegalStateException("client " + spec.name() + ": it is closed");
        }
        VertxEngine.Share current = share;
        ChannelGroup group = channels;
        if (current == null || group == null) {
            current = engine.acquire(spec.eventLoops());
            group = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE, true);
            share = current;
            channels = group;
        }
        return new Place(
                current.loops().get(Math.floorMod(next++, current.loops().size())), group);
    }

    @Override
    public void close() {
        ChannelGroup open;
        synchronized (this) {
            if (isClosed) {
                return;
            }
            isClosed = true;
            open = channels;
        }
        if (open != null) {
            open.close().addListener(_ -> engine.release());
        }
    }

    @Override
    public boolean isEventLoop() {
        return Thread.currentThread() instanceof FastThreadLocalThread;
    }
}
