package io.lynx.http.engine.answer;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The bytes of one answer that its handler has written and the operating system has not taken. The handler waits while there
 * are too many.
 * Thread-safe.
 */
public class WriteBuffer {
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
    final void reserve(int bytes, long now) throws IOException {
        lock.lock();
        try {
            await(bytes, FULL);
            take(bytes, now);
        } finally {
            lock.unlock();
        }
    }

    /** Takes room for {@code bytes} if no more than {@code bound} are pending then, or none were; returns whether it did. */
    public final boolean tryReserve(int bytes, int bound, long now) throws IOException {
        lock.lock();
        try {
            if (!broken && !hasRoom(bytes, bound)) {
                return false;
            }
            take(bytes, now);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there is room for {@code bytes} among {@code bound}, without taking it. */
    public final void awaitRoom(int bytes, int bound) throws IOException {
        lock.lock();
        try {
            await(bytes, bound);
            requireUnbroken();
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void await(int bytes, int bound) {
        while (!broken && !hasRoom(bytes, bound)) {
            taken.awaitUninterruptibly();
        }
    }

    @GuardedBy("lock")
    private boolean hasRoom(int bytes, int bound) {
        return pending == 0 || pending + bytes <= bound;
    }

    @GuardedBy("lock")
    private void take(int bytes, long now) throws IOException {
        requireUnbroken();
        movedAt = pending == 0 ? now : movedAt;
        pending += bytes;
    }

    @GuardedBy("lock")
    private void requireUnbroken() throws IOException {
        if (broken) {
            throw new IOException("client gone: the answer cannot be written");
        }
    }

    /** The time limits of the answer are being checked, on the event loop. */
    protected void checked(long now) {}

    public final boolean isEmpty() {
        lock.lock();
        try {
            return pending == 0;
        } finally {
            lock.unlock();
        }
    }

    protected void written(int bytes, long now) {
        lock.lock();
        try {
            pending -= bytes;
            sent += bytes;
            movedAt = now;
            taken.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Makes present and later waits throw an exception. */
    protected void fail() {
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

    /** Returns how many bytes have arrived in return, by another protocol than HTTP. */
    protected long received() {
        return 0;
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
