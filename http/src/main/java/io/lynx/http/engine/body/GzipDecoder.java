package io.lynx.http.engine.body;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * Decompresses gzip (RFC 1952) as it is read: members, and nothing between or behind them. The class of the JDK ignores what is malformed
 * behind the first member. Not thread-safe.
 */
final class GzipDecoder implements AutoCloseable {
    private static final int BUFFER = 4 * 1024;
    private static final int HAS_CHECKSUM = 2;
    private static final int HAS_EXTRA = 4;
    private static final int HAS_NAME = 8;
    private static final int HAS_COMMENT = 16;
    private static final int RESERVED = 0xe0;
    private static final int TIME_AND_SYSTEM = 6;

    private final InputStream in;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 checksum = new CRC32();
    private final byte[] buffer = new byte[BUFFER];
    private int at;
    private int end;
    private long arrived;
    private boolean isInMember;

    GzipDecoder(InputStream in) {
        this.in = in;
    }

    /** How many bytes have been read from the source. */
    long arrived() {
        return arrived;
    }

    /**
     * Reads as {@link InputStream#read(byte[], int, int)}; a source without a byte is empty.
     *
     * @throws ZipException if it is malformed or cut off
     */
    int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (isInMember || hasMore()) {
            if (!isInMember) {
                readHead();
                isInMember = true;
            }
            int count = inflate(target, offset, length);
            if (count > 0) {
                checksum.update(target, offset, count);
                return count;
            }
            readTrailer();
            isInMember = false;
            inflater.reset();
            checksum.reset();
        }
        return -1;
    }

    /** Returns how many bytes it has read; 0 at the end of the member. */
    private int inflate(byte[] target, int offset, int length) throws IOException {
        try {
            while (!inflater.finished()) {
                int count = inflater.inflate(target, offset, length);
                if (count > 0) {
                    return count;
                }
                if (inflater.needsDictionary()) {
                    throw new ZipException("a dictionary is needed");
                }
                if (inflater.needsInput()) {
                    requireMore();
                    inflater.setInput(buffer, at, end - at);
                    at = end;
                }
            }
        } catch (DataFormatException malformed) {
            ZipException problem = new ZipException("malformed");
            problem.initCause(malformed);
            throw problem;
        }
        at = end - inflater.getRemaining();
        return 0;
    }

    private void readHead() throws IOException {
        if (next() != 0x1f || next() != 0x8b || next() != 8) {
            throw new ZipException("not gzip");
        }
        int flags = next();
        if ((flags & RESERVED) != 0) {
            throw new ZipException("unknown flags");
        }
        skip(TIME_AND_SYSTEM);
        if ((flags & HAS_EXTRA) != 0) {
            skip((int) little(2));
        }
        skipText((flags & HAS_NAME) != 0);
        skipText((flags & HAS_COMMENT) != 0);
        skip((flags & HAS_CHECKSUM) != 0 ? 2 : 0);
    }

    private void skip(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            int _ = next();
        }
    }

    private void skipText(boolean isPresent) throws IOException {
        int c = isPresent ? next() : 0;
        while (c != 0) {
            c = next();
        }
    }

    private void readTrailer() throws IOException {
        if (little(4) != checksum.getValue() || little(4) != (inflater.getBytesWritten() & 0xffff_ffffL)) {
            throw new ZipException("wrong checksum or length");
        }
    }

    private long little(int bytes) throws IOException {
        long number = 0;
        for (int i = 0; i < bytes; i++) {
            number |= (long) next() << (Byte.SIZE * i);
        }
        return number;
    }

    private int next() throws IOException {
        requireMore();
        return buffer[at++] & 0xff;
    }

    private void requireMore() throws IOException {
        if (!hasMore()) {
            throw new ZipException("cut off");
        }
    }

    private boolean hasMore() throws IOException {
        if (at < end) {
            return true;
        }
        int count = in.read(buffer, 0, buffer.length);
        at = 0;
        end = Math.max(0, count);
        arrived += end;
        return count > 0;
    }

    /** Frees the memory of the decompressor, which is outside the heap; reading fails from now on. Idempotent. */
    @Override
    public void close() {
        inflater.end();
    }
}
