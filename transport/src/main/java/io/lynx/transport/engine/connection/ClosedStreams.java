package io.lynx.transport.engine.connection;

import io.lynx.transport.engine.framing.FramingGate;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;

/**
 * Reports the streams of HTTP/2 that are closed to the framing, which sees only what the client sends, and gives back the window that
 * frames for them have taken. Belongs to the event loop.
 */
final class ClosedStreams extends Http2ConnectionAdapter {
    private final FramingGate framing;
    private final Http2Connection connection;

    private ClosedStreams(FramingGate framing, Http2Connection connection) {
        this.framing = framing;
        this.connection = connection;
    }

    /** Reports those of a channel that serves HTTP/2, before the first request is read. */
    static ClosedStreams report(Channel channel, FramingGate framing) {
        Http2ConnectionHandler handler = channel.pipeline().get(Http2ConnectionHandler.class);
        if (handler == null) {
            throw PipelineCheck.unsupported(channel.pipeline());
        }
        ClosedStreams closed = new ClosedStreams(framing, handler.connection());
        handler.connection().addListener(closed);
        return closed;
    }

    /** Gives back window of the connection; returns false if the client has used more than it had. */
    boolean giveBack(int bytes) {
        try {
            connection.local().flowController().receiveFlowControlledFrame(null, Unpooled.EMPTY_BUFFER, bytes, false);
            return true;
        } catch (Http2Exception exceeded) {
            return false;
        }
    }

    @Override
    public void onStreamClosed(Http2Stream stream) {
        framing.streamClosed(stream.id());
    }
}
