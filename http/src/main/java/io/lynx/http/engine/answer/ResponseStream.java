package io.lynx.http.engine.answer;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** Gathers what a handler writes into pieces; an answer that fits into the first is sent whole. */
public final class ResponseStream extends OutputStream {
    private final AnswerWriter answer;
    private final AnswerHeaders response;
    private byte[] buffer = new byte[8 * 1024];
    private int size;
    private boolean begun;
    private boolean closed;

    /** A stream that sends the head with its first piece. */
    public ResponseStream(AnswerWriter answer, AnswerHeaders response) {
        this.answer = answer;
        this.response = response;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        if (closed) {
            throw new IOException("answer: already complete; its stream is closed");
        }
        int at = offset;
        int left = length;
        while (left > 0) {
            if (size == buffer.length) {
                flush();
            }
            int count;
            if (begun && size == 0 && left >= buffer.length) {
                count = Math.min(left, WriteBuffer.PIECE);
                answer.write(Arrays.copyOfRange(source, at, at + count));
            } else {
                count = Math.min(left, buffer.length - size);
                System.arraycopy(source, at, buffer, size, count);
                size += count;
            }
            at += count;
            left -= count;
        }
    }

    @Override
    public void flush() throws IOException {
        if (closed) {
            return;
        }
        boolean isFirst = !begun;
        if (isFirst) {
            begun = true;
            answer.begin(response);
        }
        // The head goes out with the first piece, be it empty.
        if (size > 0 || isFirst) {
            byte[] piece = Arrays.copyOf(buffer, size);
            size = 0;
            if (buffer.length < WriteBuffer.PIECE / 2) {
                buffer = new byte[WriteBuffer.PIECE / 2];
            }
            answer.write(piece);
        }
    }

    /** Completes the answer with what was flushed. It never waits. */
    void complete() {
        if (!closed) {
            closed = true;
            answer.end();
        }
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        if (begun) {
            flush();
            closed = true;
            answer.end();
        } else {
            closed = true;
            response.transmit(Arrays.copyOf(buffer, size));
        }
    }
}
