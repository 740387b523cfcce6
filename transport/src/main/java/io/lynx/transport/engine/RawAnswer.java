package io.lynx.transport.engine;

import io.lynx.transport.ListenerObserver.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.ssl.SslHandler;
import java.nio.charset.StandardCharsets;

/** An answer of HTTP/1.1 to a request that never becomes a stream, written past the library. Stateless. */
final class RawAnswer {
    private RawAnswer() {}

    /**
     * Writes the answer, by TLS if the connection has it. On the event loop.
     *
     * @param here the handler nearest to the socket
     * @return whether it was written; TLS that cannot take it throws what it likes
     */
    static boolean write(ChannelHandlerContext here, int status, String date, Refusal refusal) {
        String head = "HTTP/1.1 " + HttpResponseStatus.valueOf(status) + "\r\ndate: " + date + "\r\ncontent-type: "
                + refusal.contentType() + "\r\ncontent-length: " + refusal.body().length
                + "\r\nconnection: close\r\n\r\n";
        ByteBuf answer = Unpooled.wrappedBuffer(head.getBytes(StandardCharsets.US_ASCII), refusal.body());
        SslHandler tls = here.pipeline().get(SslHandler.class);
        ChannelHandlerContext secure = tls == null ? null : here.pipeline().context(tls);
        if (tls == null || secure == null) {
            here.writeAndFlush(answer);
            return true;
        }
        try {
            tls.write(secure, answer, secure.newPromise());
            tls.flush(secure);
            return true;
        } catch (Exception e) {
            return false;
        }
    }
}
