package io.lynx.event;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A counter that shares its cache line, and the line that is prefetched with it, with nothing else. Thread-safe;
 * {@link #bump} is for a counter with one writer.
 */
final class PaddedLong {
    private static final VarHandle CELLS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int AT = 16;

    private final long[] cells = new long[2 * AT];

    long get() {
        return (long) CELLS.getVolatile(cells, AT);
    }

    long getAndAdd(long delta) {
        return (long) CELLS.getAndAdd(cells, AT, delta);
    }

    /** Adds one without a fence, by the only thread that ever writes; returns what it was. */
    long bump() {
        long before = cells[AT];
        CELLS.setRelease(cells, AT, before + 1);
        return before;
    }
}
