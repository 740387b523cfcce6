package io.lynx.http.websocket.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The messages of one client that its handler has not received. While it is full, nothing is read from the client. Thread-safe. */
final class Inbox {
    private static final int MOST = 16;
    private static final int MOST_BYTES = 64 * 1024;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<Entry> entries = new ArrayDeque<>(2);
    private final MessageMemory memory;
    private long bytes;
    private boolean isClosed;
    private boolean wasFull;

    /** Whether the handler has received a message and has not come back for the next one. */
    private boolean isHandling;

    /** A message as it was received. */
    static final class Entry {
        final boolean isText;
        final boolean isCompressed;
        final byte[] payload;

        Entry(boolean isText, boolean isCompressed, byte[] payload) {
            this.isText = isText;
            this.isCompressed = isCompressed;
            this.payload = payload;
        }
    }

    /** An empty one, which gives the memory of its messages back to {@code memory}. */
    Inbox(MessageMemory memory) {
        this.memory = memory;
    }

    /** Adds a message; drops it if nothing is received any more. */
    void add(Entry entry) {
        lock.lock();
        try {
            if (isClosed) {
                memory.release(entry.payload.length);
                return;
            }
            entries.add(entry);
            bytes += entry.payload.length;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the next message; null if there is none any more. */
    @Nullable
    Entry take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            isHandling = false;
            while (entries.isEmpty() && !isClosed) {
                changed.await();
            }
            Entry next = entries.poll();
            if (next != null) {
                bytes -= next.payload.length;
                memory.release(next.payload.length);
                isHandling = true;
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    boolean isFull() {
        lock.lock();
        try {
            boolean isFull = hasNoRoom();
            wasFull |= isFull;
            return isFull;
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private boolean hasNoRoom() {
        return !isClosed && (entries.size() >= MOST || bytes >= MOST_BYTES);
    }

    /** Returns, once, whether it has been full and is so no more. */
    boolean hasMadeRoom() {
        lock.lock();
        try {
            if (!wasFull || hasNoRoom()) {
                return false;
            }
            wasFull = false;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Nothing more is added; what is there can be taken. Returns whether the handler still has to do with a message. */
    boolean end() {
        lock.lock();
        try {
            isClosed = true;
            changed.signalAll();
            return isHandling || !entries.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Nothing more is added, and what is there is dropped. */
    void close() {
        lock.lock();
        try {
            isClosed = true;
            entries.clear();
            memory.release(Math.toIntExact(bytes));
            bytes = 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
