package io.lynx.http.engine.answer;

import java.io.ByteArrayOutputStream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Compresses one answer piece by piece as gzip (RFC 1952): what is passed to it can be sent at once. Not thread-safe. */
final class GzipEncoder implements AutoCloseable {
    private static final byte[] HEAD = {0x1f, (byte) 0x8b, Deflater.DEFLATED, 0, 0, 0, 0, 0, 0, (byte) 0xff};
    private static final int BUFFER = 8 * 1024;

    private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    private final CRC32 checksum = new CRC32();
    private final Runnable closed;
    private final byte[] buffer = new byte[BUFFER];
    private boolean hasBegun;
    private boolean isClosed;

    /** An encoder that runs {@code closed} once when it is closed. */
    GzipEncoder(Runnable closed) {
        this.closed = closed;
    }

    /** Returns the compressed form of a piece, from which the client can restore it before more follows. */
    byte[] piece(byte[] bytes, int offset, int length) {
        return deflate(bytes, offset, length, Deflater.SYNC_FLUSH).toByteArray();
    }

    /** Returns the compressed form of the last piece with the end of the whole, and closes this encoder. */
    byte[] last(byte[] bytes, int offset, int length) {
        deflater.finish();
        ByteArrayOutputStream out = deflate(bytes, offset, length, Deflater.NO_FLUSH);
        little(out, checksum.getValue());
        little(out, deflater.getBytesRead());
        close();
        return out.toByteArray();
    }

    private ByteArrayOutputStream deflate(byte[] bytes, int offset, int length, int flush) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(Math.max(64, length / 4));
        if (!hasBegun) {
            hasBegun = true;
            out.writeBytes(HEAD);
        }
        checksum.update(bytes, offset, length);
        deflater.setInput(bytes, offset, length);
        int count = deflater.deflate(buffer, 0, buffer.length, flush);
        while (count > 0) {
            out.write(buffer, 0, count);
            count = count < buffer.length ? 0 : deflater.deflate(buffer, 0, buffer.length, flush);
        }
        return out;
    }

    private static void little(ByteArrayOutputStream out, long number) {
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            out.write((int) (number >> shift));
        }
    }

    /** Frees what it holds. Idempotent. */
    @Override
    public void close() {
        if (!isClosed) {
            isClosed = true;
            deflater.end();
            closed.run();
        }
    }
}
