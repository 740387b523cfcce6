package io.lynx.transport.engine.connection;

import io.lynx.transport.engine.framing.Syntax;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Headers;

/**
 * Ends the stream of a request whose method is not a token (RFC 9110, 9.1), since the library would end the connection. Belongs to the
 * event loop.
 */
final class Http2MethodCheck extends Http2FrameListenerDecorator {
    private Http2MethodCheck(Http2FrameListener listener) {
        super(listener);
    }

    /** Adds it to a channel that serves HTTP/2, before the first request is read. */
    static void addTo(Channel channel) {
        Http2ConnectionHandler handler = channel.pipeline().get(Http2ConnectionHandler.class);
        if (handler == null) {
            throw PipelineCheck.unsupported(channel.pipeline());
        }
        Http2ConnectionDecoder decoder = handler.decoder();
        decoder.frameListener(new Http2MethodCheck(decoder.frameListener()));
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext context, int stream, Http2Headers headers, int padding, boolean endStream)
            throws Http2Exception {
        check(stream, headers);
        super.onHeadersRead(context, stream, headers, padding, endStream);
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext context,
            int stream,
            Http2Headers headers,
            int dependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean endStream)
            throws Http2Exception {
        check(stream, headers);
        super.onHeadersRead(context, stream, headers, dependency, weight, exclusive, padding, endStream);
    }

    private static void check(int stream, Http2Headers headers) throws Http2Exception {
        CharSequence method = headers.method();
        if (method != null && !Syntax.isName(method)) {
            throw Http2Exception.streamError(stream, Http2Error.PROTOCOL_ERROR, "the method is not a token");
        }
    }
}
