package io.lynx.grpc.engine.wire;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** What a message becomes when it is decompressed: a small one can become gigabytes. Not thread-safe. */
public final class BoundedInput extends FilterInputStream {
    private long left;

    public BoundedInput(InputStream in, long most) {
        super(in);
        this.left = most;
    }

    /** Signals that there is more than may be read. */
    public static final class ExceededException extends IOException {
        ExceededException() {
            super("more than may be read");
        }
    }

    /** How much more may be read. */
    public long left() {
        return left;
    }

    /** Returns whether a failure was caused by one of these exceptions. */
    public static boolean isExceeded(Throwable failure) {
        Throwable at = failure;
        for (int depth = 0; at != null && depth < 8; depth++) {
            if (at instanceof ExceededException) {
                return true;
            }
            at = at.getCause();
        }
        return false;
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
