package io.lynx.grpc.engine.wire;

import io.grpc.Compressor;
import io.grpc.KnownLength;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Frames messages: a flag that says whether they are compressed, four bytes of length, and the message. Stateless. */
public final class MessageBytes {
    /** The bytes of the flag and the length. */
    public static final int PREFIX = 5;

    private MessageBytes() {}

    /** Returns a message with its prefix. */
    public static byte[] plain(InputStream in) throws IOException {
        if (in instanceof KnownLength) {
            int length = in.available();
            byte[] framed = new byte[PREFIX + length];
            if (in.readNBytes(framed, PREFIX, length) != length) {
                throw new IOException("message: its marshaller announced " + length + " bytes and had fewer");
            }
            return prefixed(framed, 0);
        }
        FrameBuffer buffer = new FrameBuffer();
        long _ = in.transferTo(buffer);
        return prefixed(buffer.toByteArray(), 0);
    }

    /** Returns a compressed message with its prefix. */
    public static byte[] compressed(InputStream in, Compressor compressor) throws IOException {
        FrameBuffer buffer = new FrameBuffer();
        try (OutputStream out = compressor.compress(buffer)) {
            long _ = in.transferTo(out);
        }
        return prefixed(buffer.toByteArray(), 1);
    }

    /** Begins with room for the prefix. */
    private static final class FrameBuffer extends ByteArrayOutputStream {
        FrameBuffer() {
            super(512);
            count = PREFIX;
        }
    }

    private static byte[] prefixed(byte[] framed, int flag) {
        int length = framed.length - PREFIX;
        framed[0] = (byte) flag;
        framed[1] = (byte) (length >>> 24);
        framed[2] = (byte) (length >>> 16);
        framed[3] = (byte) (length >>> 8);
        framed[4] = (byte) length;
        return framed;
    }
}
