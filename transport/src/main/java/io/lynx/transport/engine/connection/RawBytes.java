package io.lynx.transport.engine.connection;

import io.lynx.transport.BodyListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.ReferenceCountUtil;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a connection that has switched to another protocol, past the library. What several threads write before the event
 * loop's next turn is sent together, in the order of the calls. What does not say otherwise belongs to the event loop.
 */
final class RawBytes {
    private final Connection connection;
    private final ChannelHandlerContext plain;
    private final BodyListener incoming;
    private final Queue<Write> writes = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean isFlushDue = new AtomicBoolean();
    private @Nullable HeldBytes held;

    private record Write(ByteBuf bytes, Consumer<Boolean> written) {}

    /**
     * Begins to exchange bytes.
     *
     * @param plain where clear text is written, above TLS if there is any
     * @param held what the client had sent before; null if nothing
     */
    RawBytes(Connection connection, ChannelHandlerContext plain, BodyListener incoming, @Nullable HeldBytes held) {
        this.connection = connection;
        this.plain = plain;
        this.incoming = incoming;
        this.held = held;
    }

    /** Sends the answer that confirms the switch. */
    void confirm(byte[] head) {
        plain.writeAndFlush(Unpooled.wrappedBuffer(head));
    }

    /** Passes on what the client had sent before the switch. */
    void receiveHeld() {
        HeldBytes before = held;
        held = null;
        if (before != null) {
            received(before.release());
        }
    }

    void received(Object message) {
        HeldBytes before = held;
        if (before != null && message instanceof ByteBuf bytes) {
            before.add(bytes);
            return;
        }
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
        receiveHeld();
        incoming.completed();
    }

    /** Writes from any thread, in the order of the calls; {@code written} receives whether the bytes were sent. */
    void write(ByteBuf bytes, Consumer<Boolean> written) {
        writes.add(new Write(bytes, written));
        if (plain.channel().eventLoop().inEventLoop()) {
            flush();
        } else if (isFlushDue.compareAndSet(false, true)) {
            connection.execute(this::flush);
        }
    }

    private void flush() {
        isFlushDue.set(false);
        boolean isAny = false;
        for (Write next = writes.poll(); next != null; next = writes.poll()) {
            Consumer<Boolean> written = next.written();
            plain.write(next.bytes()).addListener(result -> written.accept(result.isSuccess()));
            isAny = true;
        }
        if (isAny) {
            plain.flush();
        }
    }

    void pause() {
        plain.channel().config().setAutoRead(false);
    }

    void resume() {
        plain.channel().config().setAutoRead(true);
    }
}
