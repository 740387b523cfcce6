package io.lynx.admin;

import io.lynx.time.Deadline;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * A stream that refuses writes after a deadline. A single write may still wait for the listener's {@code
 * stall_timeout}.
 */
final class TimedStream extends FilterOutputStream {
    private final Deadline deadline;

    /** The deadline has passed. */
    static final class TooSlowException extends IOException {
        private static final long serialVersionUID = 1;

        TooSlowException() {
            super("the answer was not read in time");
        }
    }

    TimedStream(OutputStream out, Deadline deadline) {
        super(out);
        this.deadline = deadline;
    }

    @Override
    public void write(int b) throws IOException {
        requireTime();
        out.write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        requireTime();
        out.write(bytes, offset, length);
    }

    private void requireTime() throws TooSlowException {
        if (deadline.isExpired()) {
            throw new TooSlowException();
        }
    }
}
