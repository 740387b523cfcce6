package io.lynx.transport.engine;

import io.lynx.transport.BodyListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.ReferenceCountUtil;
import java.util.function.Consumer;

/** The bytes of a connection that has switched to another protocol, past the library. Belongs to the event loop. */
final class RawBytes {
    private final Connection connection;
    private final ChannelHandlerContext plain;
    private final BodyListener incoming;

    /**
     * Begins to exchange bytes.
     *
     * @param plain where clear text is written, above TLS if there is any
     */
    RawBytes(Connection connection, ChannelHandlerContext plain, BodyListener incoming) {
        this.connection = connection;
        this.plain = plain;
        this.incoming = incoming;
    }

    /** Sends the answer that confirms the switch. */
    void confirm(byte[] head) {
        plain.writeAndFlush(Unpooled.wrappedBuffer(head));
    }

    void received(Object message) {
        try {
            if (message instanceof ByteBuf bytes && bytes.isReadable()) {
                incoming.received(ByteBufUtil.getBytes(bytes));
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    /** The client has finished sending. */
    void completed() {
        incoming.completed();
    }

    /** Writes from any thread, in the order of the calls; {@code written} receives whether the bytes were sent. */
    void write(ByteBuf bytes, Consumer<Boolean> written) {
        connection.execute(() -> plain.writeAndFlush(bytes).addListener(result -> written.accept(result.isSuccess())));
    }

    void pause() {
        plain.channel().config().setAutoRead(false);
    }

    void resume() {
        plain.channel().config().setAutoRead(true);
    }
}
