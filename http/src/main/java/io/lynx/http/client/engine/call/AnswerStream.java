package io.lynx.http.client.engine.call;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Objects;

/** The body of an answer as it arrives. Reading blocks; closing ends the call if the body was not read. For one thread at a time. */
final class AnswerStream extends InputStream {
    private final CallExchange exchange;
    private boolean isEnded;
    private boolean isClosed;

    AnswerStream(CallExchange exchange) {
        this.exchange = exchange;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int _ = Objects.checkFromIndexSize(offset, length, target.length);
        if (isClosed) {
            throw new IOException("the answer is closed");
        }
        if (length == 0 || isEnded) {
            return isEnded ? -1 : 0;
        }
        try {
            int count = exchange.read(target, offset, length);
            isEnded = count < 0;
            return count;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while reading an answer");
        }
    }

    @Override
    public void close() {
        if (!isClosed) {
            isClosed = true;
            exchange.cancel();
        }
    }
}
