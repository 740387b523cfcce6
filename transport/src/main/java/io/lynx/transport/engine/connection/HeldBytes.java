package io.lynx.transport.engine.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.channel.ChannelHandlerContext;

/**
 * What a client has sent behind a request that offers another protocol. Reading stops when there is much of it; until then it goes
 * on, so that the end of the connection is noticed. Belongs to the event loop.
 */
final class HeldBytes {
    private static final int MOST = 16 * 1024;

    private final AcceptedChannel channel;
    private final ChannelHandlerContext reader;
    private final CompositeByteBuf bytes;

    /** Holds what the handler of {@code reader} reads. */
    HeldBytes(AcceptedChannel channel, ChannelHandlerContext reader) {
        this.channel = channel;
        this.reader = reader;
        this.bytes = channel.alloc().compositeBuffer();
    }

    /** Adds {@code more}, which belongs to this object from now on. */
    void add(ByteBuf more) {
        CompositeByteBuf _ = bytes.addComponent(true, more);
        if (bytes.readableBytes() > MOST) {
            channel.holdReads(true);
        }
    }

    /** The place in the pipeline where the bytes were read. */
    ChannelHandlerContext readBy() {
        return reader;
    }

    /** Resumes reading and returns all of it, which belongs to the caller. */
    ByteBuf release() {
        channel.holdReads(false);
        return bytes;
    }
}
