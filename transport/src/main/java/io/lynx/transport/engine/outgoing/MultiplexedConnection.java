package io.lynx.transport.engine.outgoing;

import io.lynx.time.Ticker;
import io.lynx.transport.CallListener;
import io.lynx.transport.Connector.ConnectionListener;
import io.lynx.transport.ConnectorSpec;
import io.lynx.transport.OutgoingCall;
import io.lynx.transport.OutgoingConnection;
import io.lynx.transport.OutgoingException;
import io.lynx.transport.OutgoingException.Kind;
import io.lynx.transport.OutgoingHead;
import io.lynx.transport.engine.turn.TurnWrites;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A connection of HTTP/2 (RFC 9113), which carries as many calls at a time as the server allows. After a GOAWAY it takes no
 * further ones, and closes when those in flight have ended. Its state belongs to the event loop.
 */
final class MultiplexedConnection extends ChannelInboundHandlerAdapter implements OutgoingConnection {
    /** Calls at a time until the server has said how many it allows, and the most that are used then. */
    private static final int MOST_STREAMS = 100;

    /** What the server may send of one answer before it is read. */
    private static final int STREAM_WINDOW = 128 * 1024;

    /** What it may send of all answers: enough for each, so that answers that are not read do not hold up the others. */
    private static final int CONNECTION_WINDOW = MOST_STREAMS * STREAM_WINDOW;

    /** A connection on which calls get no byte for so long may be dead: it takes no further ones when one of them is ended. */
    private static final long LONGEST_SILENCE = Duration.ofSeconds(1).toNanos();

    private final Channel channel;
    private final Ticker ticker;
    private final ConnectionListener listener;
    private volatile boolean isClosing;
    private volatile int maxStreams = MOST_STREAMS;
    private int streams;
    private boolean hasAnswered;
    private @Nullable ConnectionLoss loss;
    private @Nullable KeepAlive keepAlive;

    /** Whether a call was sent since the last byte arrived, and when the first one was. */
    private boolean isAwaiting;

    private long awaitingSince;

    private MultiplexedConnection(Channel channel, Ticker ticker, ConnectionListener listener) {
        this.channel = channel;
        this.ticker = ticker;
        this.listener = listener;
    }

    /** Returns a connection on a channel that is connected; the preface is sent at once. */
    static MultiplexedConnection on(Channel channel, ConnectorSpec spec, ConnectionListener listener) {
        MultiplexedConnection connection = new MultiplexedConnection(channel, spec.ticker(), listener);
        Http2FrameCodec codec = Http2FrameCodecBuilder.forClient()
                .initialSettings(Http2Settings.defaultSettings()
                        .pushEnabled(false)
                        .initialWindowSize(STREAM_WINDOW)
                        .maxHeaderListSize(spec.maxHeaderSize()))
                .validateHeaders(true)
                .headerSensitivityDetector((name, _) -> Http2Fields.differs(name))
                .gracefulShutdownTimeoutMillis(0)
                .build();
        TurnWrites.addTo(channel.pipeline());
        channel.pipeline().addLast(codec, new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()), connection);
        widen(codec.connection());
        channel.flush();
        connection.keepAlive = spec.keepAlive()
                .map(silence -> new KeepAlive(channel, silence, spec.ticker(), connection::isCarrying))
                .orElse(null);
        return connection;
    }

    private static void widen(Http2Connection connection) {
        try {
            connection
                    .local()
                    .flowController()
                    .incrementWindowSize(
                            connection.connectionStream(), CONNECTION_WINDOW - Http2CodecUtil.DEFAULT_WINDOW_SIZE);
        } catch (Http2Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public int capacity() {
        return isClosing ? 0 : maxStreams;
    }

    @Override
    public String protocol() {
        return "HTTP/2";
    }

    @Override
    public OutgoingCall call(OutgoingHead head, CallListener receiver) {
        Http2Call call = new Http2Call(this, channel.eventLoop(), head, receiver);
        if (!LoopTasks.run(channel.eventLoop(), () -> begin(call))) {
            receiver.failed(new OutgoingException(Kind.UNPROCESSED, true, "the client is closed", null));
        }
        return call;
    }

    private void begin(Http2Call call) {
        if (isClosing || !channel.isActive()) {
            boolean _ = call.refuse(ConnectionLoss.unsent(loss, hasAnswered));
            return;
        }
        streams++;
        new Http2StreamChannelBootstrap(channel).handler(call).open().addListener(opened -> {
            if (opened.isSuccess()) {
                call.send();
            } else if (call.refuse(unsent("the connection carries as many calls as it can", opened.cause()))) {
                ended();
            }
        });
    }

    /** Returns why the connection has ended; null while that is unknown. */
    @Nullable
    ConnectionLoss loss() {
        return loss;
    }

    /** Returns the failure of a call that was not sent, for {@code reason} unless the connection has ended. */
    OutgoingException unsent(String reason, @Nullable Throwable cause) {
        return loss == null && channel.isActive()
                ? new OutgoingException(Kind.UNPROCESSED, true, reason, cause)
                : ConnectionLoss.unsent(loss, hasAnswered);
    }

    /** A call was sent. */
    void sent() {
        if (!isAwaiting) {
            isAwaiting = true;
            awaitingSince = ticker.nanos();
        }
    }

    /** Something has arrived for a call. */
    void received() {
        heard();
        hasAnswered = true;
    }

    private void heard() {
        isAwaiting = false;
        KeepAlive check = keepAlive;
        if (check != null) {
            check.heard();
        }
    }

    private boolean isCarrying() {
        return streams > 0;
    }

    /** A call was ended before it was answered: if nothing has arrived meanwhile, the next one uses another connection. */
    void cancelled() {
        if (isAwaiting && ticker.nanos() - awaitingSince >= LONGEST_SILENCE) {
            isClosing = true;
        }
    }

    /** A call has ended. */
    void ended() {
        streams--;
        closeIfUnused();
    }

    private void closeIfUnused() {
        if (isClosing && streams == 0) {
            channel.close();
        }
    }

    @Override
    public void close() {
        isClosing = true;
        boolean _ = LoopTasks.run(channel.eventLoop(), this::closeIfUnused);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        heard();
        try {
            if (message instanceof Http2SettingsFrame frame) {
                Long allowed = frame.settings().maxConcurrentStreams();
                if (allowed != null) {
                    maxStreams = (int) Math.min(allowed, MOST_STREAMS);
                    listener.capacityChanged();
                }
            } else if (message instanceof Http2GoAwayFrame) {
                isClosing = true;
                listener.capacityChanged();
                closeIfUnused();
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        if (loss == null) {
            loss = ConnectionLoss.ofHttp2(failure);
        }
        isClosing = true;
        channel.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        isClosing = true;
        KeepAlive check = keepAlive;
        if (check != null) {
            check.stop();
        }
        listener.closed();
        context.fireChannelInactive();
    }
}
