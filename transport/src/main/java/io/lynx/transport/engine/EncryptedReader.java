package io.lynx.transport.engine;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;

/**
 * Reads the TLS records of one connection after its handshake, and ends the connection if too many of them have no content. Such
 * records, updates of the keys for example, cost the server much more time than the client. Belongs to the event loop.
 */
final class EncryptedReader {
    /** Bytes that may come without content. The content of a record, which has 16 KiB at most, comes with its last byte. */
    private static final int MAX_CREDIT = 64 * 1024;

    /** Bytes that may come with each byte of content. A record of TLS 1.3 with one byte has 23. */
    private static final int CREDIT_OF_A_BYTE = 40;

    private final Connection connection;
    private final AcceptedChannel channel;
    private final ClearTextReader reader;
    private final ConnectionLimits limits;
    private int credit = MAX_CREDIT;

    EncryptedReader(Connection connection, AcceptedChannel channel, ClearTextReader reader, ConnectionLimits limits) {
        this.connection = connection;
        this.channel = channel;
        this.reader = reader;
        this.limits = limits;
    }

    /** Passes what was read on to be decrypted. */
    void read(ChannelHandlerContext context, Object message) {
        credit -= message instanceof ByteBuf bytes ? bytes.readableBytes() : 0;
        context.fireChannelRead(message);
        if (credit < MAX_CREDIT / 2) {
            channel.readLittle();
        }
        if (credit < 0 && !connection.end().isLeaving()) {
            limits.refuseEmptyRecords();
        }
    }

    /** Reads what was decrypted. */
    void decrypted(ChannelHandlerContext context, Object message) {
        long earned = message instanceof ByteBuf bytes ? (long) bytes.readableBytes() * CREDIT_OF_A_BYTE : 0;
        credit = (int) Math.min(MAX_CREDIT, credit + earned);
        reader.read(context, message);
    }
}
