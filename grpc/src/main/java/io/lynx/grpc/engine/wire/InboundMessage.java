package io.lynx.grpc.engine;

import java.io.ByteArrayInputStream;
import java.io.InputStream;

/** One message of a client, as it arrived. Used by one thread at a time. */
final class InboundMessage {
    private final byte[] bytes;
    private final int offset;
    private final int length;
    private final boolean compressed;

    InboundMessage(byte[] bytes, int offset, int length, boolean compressed) {
        this.bytes = bytes;
        this.offset = offset;
        this.length = length;
        this.compressed = compressed;
    }

    boolean isCompressed() {
        return compressed;
    }

    /** The size on the wire. */
    int length() {
        return length;
    }

    /** Returns the bytes as they arrived. */
    InputStream open() {
        return new ByteArrayInputStream(bytes, offset, length);
    }
}
