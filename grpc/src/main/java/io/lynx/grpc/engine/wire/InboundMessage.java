package io.lynx.grpc.engine.wire;

import java.io.ByteArrayInputStream;
import java.io.InputStream;

/** One message, as it arrived. Used by one thread at a time. */
public final class InboundMessage {
    private final byte[] bytes;
    private final int offset;
    private final int length;
    private final boolean compressed;

    public InboundMessage(byte[] bytes, int offset, int length, boolean compressed) {
        this.bytes = bytes;
        this.offset = offset;
        this.length = length;
        this.compressed = compressed;
    }

    public boolean isCompressed() {
        return compressed;
    }

    /** The size on the wire. */
    public int length() {
        return length;
    }

    /** Returns the bytes as they arrived. */
    public InputStream open() {
        return new ByteArrayInputStream(bytes, offset, length);
    }
}
