package io.lynx.http.engine.answer;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.locks.ReentrantLock;

/** The body of a long-lived answer, which more than one thread may write: the handler's and that of the drain. Thread-safe. */
public final class LongLivedStream extends OutputStream implements LongLivedBody {
    private final ReentrantLock lock = new ReentrantLock();

    private final ResponseStream stream;

    LongLivedStream(ResponseStream stream) {
        this.stream = stream;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        lock.lock();
        try {
            stream.write(source, offset, length);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void flush() throws IOException {
        lock.lock();
        try {
            stream.flush();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            stream.close();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean tryComplete() {
        if (!lock.tryLock()) {
            return false;
        }
        try {
            stream.complete();
            return true;
        } finally {
            lock.unlock();
        }
    }
}
