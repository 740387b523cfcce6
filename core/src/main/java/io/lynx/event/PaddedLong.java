package io.lynx.event;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A counter that shares its cache line, and the line that is prefetched with it, with nothing else. Thread-safe;
 * {@link #bump} is for a counter with one writer.
 */
final class PaddedLong {
    private static final int AT = 16;

    private final AtomicLongArray cells = new AtomicLongArray(2 * AT);

    long get() {
        return cells.get(AT);
    }

    long getAndAdd(long delta) {
        return cells.getAndAdd(AT, delta);
    }

    /** Adds one without a fence, by the only thread that ever writes. */
    void bump() {
        cells.setRelease(AT, cells.getPlain(AT) + 1);
    }
}
