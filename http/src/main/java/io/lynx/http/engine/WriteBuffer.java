package io.lynx.http.engine;

import java.io.IOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The bytes of one answer that its handler has written and the operating system has not taken. The handler waits while there
 * are too many.
 * Thread-safe.
 */
final class WriteBuffer {
    /** The largest piece that is written at a time. */
    static final int PIECE = 64 * 1024;

    private static final int FULL = 4 * PIECE;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition taken = lock.newCondition();
    private long pending;
    private long sent;
    private long movedAt;
    private boolean broken;

    /** Waits until there is room for {@code bytes}, and takes it. */
    void reserve(int bytes, long now) throws IOException {
        lock.lock();
        try {
            while (pending > 0 && pending + bytes > FULL && !broken) {
                taken.awaitUninterruptibly();
            }
            if (broken) {
                throw new IOException("client gone: the answer cannot be written");
            }
            movedAt = pending == 0 ? now : movedAt;
            pending += bytes;
        } finally {
            lock.unlock();
        }
    }

    void written(int bytes, long now) {
        lock.lock();
        try {
            pending -= bytes;
            sent += bytes;
            movedAt = now;
            taken.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Makes present and later waits throw an exception. */
    void fail() {
        lock.lock();
        try {
            broken = true;
            taken.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Returns how many bytes the operating system has taken. */
    long sent() {
        lock.lock();
        try {
            return sent;
        } finally {
            lock.unlock();
        }
    }

    boolean isBroken() {
        lock.lock();
        try {
            return broken;
        } finally {
            lock.unlock();
        }
    }

    boolean isStalled(long now, long limit) {
        lock.lock();
        try {
            return pending > 0 && now - movedAt > limit;
        } finally {
            lock.unlock();
        }
    }
}
