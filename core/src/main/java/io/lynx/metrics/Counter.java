package io.lynx.metrics;

import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** One series of a counter. Thread-safe; threads that count at once do not meet. */
public final class Counter {
    /** Counts nothing, where metrics are off. */
    static final Counter NONE = new Counter(null);

    private final @Nullable LongAdder count;

    private Counter(@Nullable LongAdder count) {
        this.count = count;
    }

    Counter() {
        this(new LongAdder());
    }

    /** Counts one. */
    public void increment() {
        if (count != null) {
            count.increment();
        }
    }

    /** Counts {@code n}; what is below zero is not counted, since a counter only grows. */
    public void add(long n) {
        if (count != null && n > 0) {
            count.add(n);
        }
    }

    /** What it has counted. Exact when nobody counts just now. */
    public long count() {
        return count == null ? 0 : count.sum();
    }
}
