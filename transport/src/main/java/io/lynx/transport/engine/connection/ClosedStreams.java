package io.lynx.transport.engine.connection;

import io.lynx.transport.engine.framing.FramingGate;
import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Stream;

/** Reports the streams of HTTP/2 that are closed to the framing, which sees only what the client sends. Belongs to the event loop. */
final class ClosedStreams extends Http2ConnectionAdapter {
    private final FramingGate framing;

    private ClosedStreams(FramingGate framing) {
        this.framing = framing;
    }

    /** Reports those of a channel that serves HTTP/2, before the first request is read. */
    static void report(Channel channel, FramingGate framing) {
        Http2ConnectionHandler handler = channel.pipeline().get(Http2ConnectionHandler.class);
        if (handler == null) {
            throw PipelineCheck.unsupported(channel.pipeline());
        }
        handler.connection().addListener(new ClosedStreams(framing));
    }

    @Override
    public void onStreamClosed(Http2Stream stream) {
        framing.streamClosed(stream.id());
    }
}
