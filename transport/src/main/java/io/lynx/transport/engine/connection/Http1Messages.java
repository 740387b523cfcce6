package io.lynx.transport.engine.connection;

import io.lynx.transport.engine.framing.HeadDefects;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;

/**
 * Follows the HTTP/1.1 messages of one connection: whether bytes belong to a head that is still arriving, how many heads wait
 * behind the one that is being served, whether a body cannot be read. Belongs to the event loop.
 *
 * <p>It observes from two places: {@link Connection} reports every read of clear text bytes, and a handler behind the decoder
 * reports the messages that came of them. Bytes between two messages from which no message came are part of a head.
 *
 * <p>The library's handlers are found by Netty's public types. A connection in which they are not found is refused with an
 * error in the log: it would be served, but not drained.
 */
final class Http1Messages {
    private final ListenerState state;
    private boolean headPending;
    private long headSince;
    private boolean inMessage;
    private boolean malformed;
    private int messages;
    private int heads;
    private volatile int begun;
    private volatile int waiting;

    Http1Messages(ListenerState state) {
        this.state = state;
    }

    /**
     * Whether the library serves HTTP/2 on {@code channel}.
     *
     * @throws IllegalStateException if the channel has neither codec
     */
    static boolean isHttp2(Channel channel) {
        ChannelPipeline pipeline = channel.pipeline();
        if (pipeline.context(Http2ConnectionHandler.class) != null) {
            return true;
        }
        if (pipeline.context(HttpRequestDecoder.class) == null) {
            throw PipelineCheck.unsupported(pipeline);
        }
        return false;
    }

    /** Whether {@code channel} reads the heads of HTTP/1.1. */
    static boolean isHttp1(Channel channel) {
        return channel.pipeline().context(HttpRequestDecoder.class) != null;
    }

    /**
     * Begins to follow {@code channel}, whose codec is in place and has not read a head.
     *
     * @throws IllegalStateException if the channel has no codec for HTTP/1.1
     */
    void follow(Channel channel) {
        ChannelPipeline pipeline = channel.pipeline();
        state.built(pipeline);
        ChannelHandlerContext decoder = pipeline.context(HttpRequestDecoder.class);
        if (decoder == null) {
            throw PipelineCheck.unsupported(pipeline);
        }
        pipeline.addAfter(decoder.name(), "lynx-messages", new Messages());
    }

    /** Has {@code reader} read the clear text of {@code channel} from its first byte on, if there is a TLS handler. */
    static void addClearText(Channel channel, Connection connection, EncryptedReader reader) {
        ChannelHandlerContext tls = channel.pipeline().context(SslHandler.class);
        if (tls != null) {
            channel.pipeline().addAfter(tls.name(), "lynx-clear-text", new ClearText(connection, reader));
        }
    }

    /**
     * Returns where the clear text of {@code channel} is written.
     *
     * @throws IllegalStateException if it has no TLS handler that is known
     */
    static ChannelHandlerContext clearText(Channel channel) {
        ChannelHandlerContext found = channel.pipeline().context(ClearText.class);
        if (found == null) {
            throw PipelineCheck.unsupported(channel.pipeline());
        }
        return found;
    }

    /**
     * Returns if {@code channel} has a TLS handler that is known.
     *
     * @throws IllegalStateException if it has not
     */
    static void requireTls(Channel channel) {
        if (channel.pipeline().context(SslHandler.class) == null) {
            throw PipelineCheck.unsupported(channel.pipeline());
        }
    }

    /** Observes the messages of the decoder. */
    private final class Messages extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof HttpRequest head) {
                refuseUnknownVersion(head);
                UpgradeOffers.removeInvalid(head);
                heads++;
                messages++;
                inMessage = true;
                headPending = false;
                waiting = heads - begun;
            }
            if (message instanceof HttpContent content
                    && content.decoderResult().isFailure()) {
                malformed = true;
            }
            if (message instanceof LastHttpContent) {
                inMessage = false;
            }
            context.fireChannelRead(message);
        }
    }

    /** Behind TLS: what is read here has been decrypted. */
    private static final class ClearText extends ChannelInboundHandlerAdapter {
        private final Connection connection;
        private final EncryptedReader reader;

        ClearText(Connection connection, EncryptedReader reader) {
            this.connection = connection;
            this.reader = reader;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            SslHandler tls = context.pipeline().get(SslHandler.class);
            if (tls != null && event instanceof SslHandshakeCompletionEvent done && done.isSuccess()) {
                connection.handshakeDone(tls.applicationProtocol());
            }
            context.fireUserEventTriggered(event);
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            reader.decrypted(context, message);
        }
    }

    /** The library would answer by itself, without a stream. */
    private static void refuseUnknownVersion(HttpRequest head) {
        HttpVersion version = head.protocolVersion();
        if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0)) {
            head.setDecoderResult(DecoderResult.failure(new HeadDefects.UnsupportedVersionException()));
        }
    }

    /** Passes bytes on, and finds out whether they begin a head. */
    void read(ChannelHandlerContext context, Object bytes) {
        int before = messages;
        boolean between = !inMessage;
        context.fireChannelRead(bytes);
        if (between && before == messages && !inMessage && !headPending) {
            headPending = true;
            headSince = state.now();
        }
    }

    /** A stream has begun. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // Only the event loop writes.
    void begun() {
        headPending = false;
        messages++;
        begun++;
        heads = Math.max(heads, begun);
        waiting = heads - begun;
    }

    /** What has been read, and what is being read now, is no part of a head: it belongs to a handshake, or to HTTP/2. */
    void reset() {
        headPending = false;
        messages++;
    }

    boolean isHeadPending() {
        return headPending;
    }

    long headSince() {
        return headSince;
    }

    /** Whether the body of the last request cannot be read, which ends the connection. */
    boolean isMalformed() {
        return malformed;
    }

    /** How many streams have begun; any thread. */
    int streams() {
        return begun;
    }

    /** Whether a request was read behind the one that is being served; any thread. */
    boolean isAnyWaiting() {
        return waiting > 0;
    }
}
