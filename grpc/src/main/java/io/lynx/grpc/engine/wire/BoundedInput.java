package io.lynx.grpc.engine;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** What a message becomes when it is decompressed: a small one can become gigabytes. Not thread-safe. */
final class BoundedInput extends FilterInputStream {
    private long left;

    BoundedInput(InputStream in, long most) {
        super(in);
        this.left = most;
    }

    /** Signals that there is more than may be read. */
    static final class ExceededException extends IOException {
        ExceededException() {
            super("more than may be read");
        }
    }

    /** How much more may be read. */
    long left() {
        return left;
    }

    @Override
    public int read() throws IOException {
        int value = super.read();
        if (value >= 0) {
            count(1);
        }
        return value;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int read = super.read(target, offset, length);
        if (read > 0) {
            count(read);
        }
        return read;
    }

    private void count(long bytes) throws IOException {
        left -= bytes;
        if (left < 0) {
            throw new ExceededException();
        }
    }

    @Override
    public long skip(long count) throws IOException {
        long skipped = super.skip(count);
        count(skipped);
        return skipped;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
