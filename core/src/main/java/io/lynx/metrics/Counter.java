package io.lynx.metrics;

import java.util.concurrent.atomic.LongAdder;

/** One series of a counter. Thread-safe; threads that count at once do not meet. */
public final class Counter {
    private final LongAdder count = new LongAdder();

    Counter() {}

    /** Counts one. */
    public void increment() {
        count.increment();
    }

    /** Counts {@code n}; what is below zero is not counted, since a counter only grows. */
    public void add(long n) {
        if (n > 0) {
            count.add(n);
        }
    }

    /** What it has counted. Exact when nobody counts just now. */
    public long count() {
        return count.sum();
    }
}
