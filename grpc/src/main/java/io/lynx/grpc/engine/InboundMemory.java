package io.lynx.grpc.engine;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds what all calls of a server hold together of messages that are incomplete or wait for their services: a share of the heap.
 * Thread-safe.
 */
final class InboundMemory {
    private static final long LEAST = 16L * 1024 * 1024;
    private static final int SHARE = 8;

    private final long most;
    private final AtomicLong held = new AtomicLong();

    InboundMemory() {
        this(Math.max(LEAST, Runtime.getRuntime().maxMemory() / SHARE));
    }

    InboundMemory(long most) {
        this.most = most;
    }

    /** Takes {@code bytes}; returns whether there was room for them. */
    boolean take(long bytes) {
        if (held.addAndGet(bytes) <= most) {
            return true;
        }
        held.addAndGet(-bytes);
        return false;
    }

    void giveBack(long bytes) {
        held.addAndGet(-bytes);
    }

    /** What is held now. */
    long held() {
        return held.get();
    }
}
