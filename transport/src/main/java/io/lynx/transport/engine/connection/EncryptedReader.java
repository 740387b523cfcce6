package io.lynx.transport.engine.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;

/**
 * Reads the TLS records of one connection after its handshake, one at a time, and ends the connection if too many of them have no
 * content: an update of the keys costs the server a hundred times as much as it costs the client. Belongs to the event loop.
 */
final class EncryptedReader {
    private static final int HEADER = 5;
    private static final int LENGTH_AT = 3;

    /** What a record without content costs of the credit; one with content earns 1. */
    private static final int COST = 8;

    /** As many records without content may come one after the other. */
    private static final int MAX_CREDIT = 32 * COST;

    private final Connection connection;
    private final ClearTextReader reader;
    private final ConnectionLimits limits;
    private int credit = MAX_CREDIT;
    private boolean hasContent;

    /** The bytes of the header of the current record that have been read. */
    private int header;

    /** The bytes of the current record that are still to come, once its header has been read. */
    private int left;

    EncryptedReader(Connection connection, ClearTextReader reader, ConnectionLimits limits) {
        this.connection = connection;
        this.reader = reader;
        this.limits = limits;
    }

    /** Passes what was read on to be decrypted. */
    void read(ChannelHandlerContext context, Object message) {
        if (!(message instanceof ByteBuf bytes)) {
            context.fireChannelRead(message);
            return;
        }
        int length = partOfRecord(bytes, bytes.readerIndex());
        while (length < bytes.readableBytes() && !connection.end().isLeaving()) {
            context.fireChannelRead(bytes.readRetainedSlice(length));
            recordEnded();
            length = partOfRecord(bytes, bytes.readerIndex());
        }
        if (connection.end().isLeaving()) {
            bytes.release();
            return;
        }
        boolean isWhole = left == 0 && header == 0;
        context.fireChannelRead(bytes);
        if (isWhole) {
            recordEnded();
        }
    }

    /** Follows the records of the handshake, with whose last one a part of the next may have been read. */
    void follow(ByteBuf bytes) {
        int at = bytes.readerIndex();
        while (at < bytes.writerIndex()) {
            at += partOfRecord(bytes, at);
        }
    }

    /** Returns how many bytes from {@code from} on belong to the current record, which ends with them if {@link #left} is 0 then. */
    private int partOfRecord(ByteBuf bytes, int from) {
        int at = from;
        while (header < HEADER && at < bytes.writerIndex()) {
            if (header >= LENGTH_AT) {
                left = left << 8 | bytes.getUnsignedByte(at);
            }
            header++;
            at++;
        }
        if (header == HEADER) {
            int more = Math.min(left, bytes.writerIndex() - at);
            left -= more;
            at += more;
            header = left == 0 ? 0 : HEADER;
        }
        return at - from;
    }

    private void recordEnded() {
        credit = hasContent ? Math.min(MAX_CREDIT, credit + 1) : credit - COST;
        hasContent = false;
        if (credit < 0 && !connection.end().isLeaving()) {
            limits.refuseEmptyRecords();
        }
    }

    /** Reads what was decrypted. */
    void decrypted(ChannelHandlerContext context, Object message) {
        hasContent = true;
        reader.read(context, message);
    }
}
