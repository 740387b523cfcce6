package io.lynx.http.engine.files;

import java.util.concurrent.atomic.AtomicLong;

/** The memory that the contents of some static files may take: 16 MiB, or a 32nd of the heap if that is less. Thread-safe. */
final class MemoryShare {
    /** The largest file that is kept in memory. */
    static final int LARGEST = 64 * 1024;

    private static final long MOST = 16L * 1024 * 1024;
    private static final int HEAP_SHARE = 32;

    private final long most;
    private final AtomicLong taken = new AtomicLong();

    private MemoryShare(long most) {
        this.most = most;
    }

    static MemoryShare ofHeap() {
        return new MemoryShare(Math.min(MOST, Runtime.getRuntime().maxMemory() / HEAP_SHARE));
    }

    static MemoryShare of(long most) {
        return new MemoryShare(most);
    }

    /** Takes {@code bytes} if there is room for them; returns whether there was. */
    boolean take(long bytes) {
        if (taken.addAndGet(bytes) <= most) {
            return true;
        }
        release(bytes);
        return false;
    }

    void release(long bytes) {
        long _ = taken.addAndGet(-bytes);
    }

    /** Returns how many bytes are taken. */
    long taken() {
        return taken.get();
    }
}
