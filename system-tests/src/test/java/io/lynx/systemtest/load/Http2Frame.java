package io.lynx.systemtest.load;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A frame of HTTP/2 (RFC 9113, section 4), as bytes and no more. Stream 0 is the connection. */
public final class Http2Frame {
    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    public static final int CONTINUATION = 9;

    public static final int END_STREAM = 1;
    static final int ACK = 1;
    public static final int END_HEADERS = 4;
    private static final int PADDED = 8;
    private static final int PRIORITY = 0x20;

    /** The error code of a stream that was not processed at all. */
    static final int REFUSED_STREAM = 7;

    public static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final int type;
    private final int flags;
    private final int stream;
    private final byte[] payload;

    /** A frame with this payload. */
    public Http2Frame(int type, int flags, int stream, byte[] payload) {
        this.type = type;
        this.flags = flags;
        this.stream = stream;
        this.payload = payload;
    }

    /** Reads one; null at the end of the connection between two frames. */
    static @Nullable Http2Frame read(DataInputStream in) throws IOException {
        int first = in.read();
        if (first < 0) {
            return null;
        }
        int length = first << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int stream = in.readInt() & 0x7fff_ffff;
        byte[] payload = in.readNBytes(length);
        if (payload.length < length) {
            throw new EOFException("closed within a frame");
        }
        return new Http2Frame(type, flags, stream, payload);
    }

    static Http2Frame ofInts(int type, int stream, int... values) {
        ByteBuffer payload = ByteBuffer.allocate(4 * values.length);
        for (int value : values) {
            payload.putInt(value);
        }
        return new Http2Frame(type, 0, stream, payload.array());
    }

    /** One setting, with a 16-bit name and a 32-bit value each. */
    public static Http2Frame settings(int... namesAndValues) {
        ByteBuffer payload = ByteBuffer.allocate(3 * namesAndValues.length);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            payload.putShort((short) namesAndValues[i]).putInt(namesAndValues[i + 1]);
        }
        return new Http2Frame(SETTINGS, 0, 0, payload.array());
    }

    int type() {
        return type;
    }

    int stream() {
        return stream;
    }

    /** What follows the frame's header. */
    byte[] payload() {
        return payload;
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** The 32-bit number at this place of the payload. */
    int intAt(int index) {
        return ByteBuffer.wrap(payload).getInt(index);
    }

    /** Returns the frame as it is sent. */
    public byte[] bytes() {
        return ByteBuffer.allocate(9 + payload.length)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    /** The payload of {@link #HEADERS} without padding and priority. */
    ByteBuffer fragment() {
        ByteBuffer content = ByteBuffer.wrap(payload);
        if (has(PADDED)) {
            int padding = content.get() & 0xff;
            content.limit(content.limit() - padding);
        }
        if (has(PRIORITY)) {
            content.position(content.position() + 5);
        }
        return content;
    }
}
