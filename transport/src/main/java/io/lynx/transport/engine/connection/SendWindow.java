package io.lynx.transport.engine.connection;

import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Stream;

/**
 * Finds out whether a client of HTTP/2 takes an answer at once (RFC 9113, 5.2). Trailers that wait behind an answer are a trap in the
 * library: if the client resets the stream meanwhile, it throws, and logs an error for each such stream. Stateless.
 */
final class SendWindow {
    private SendWindow() {}

    /**
     * Returns whether nothing of {@code bytes} would wait. On the event loop.
     *
     * @param waiting bytes of all answers of the connection that wait already
     */
    static boolean takes(Channel channel, int stream, int bytes, long waiting) {
        Http2ConnectionHandler handler = channel.pipeline().get(Http2ConnectionHandler.class);
        Http2Stream open = handler == null ? null : handler.connection().stream(stream);
        if (handler == null || open == null) {
            return true;
        }
        Http2Connection connection = handler.connection();
        Http2RemoteFlowController flow = connection.remote().flowController();
        return flow.isWritable(open)
                && flow.windowSize(open) > bytes
                && flow.windowSize(connection.connectionStream()) > bytes + waiting;
    }
}
