package io.lynx.metrics;

import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** One series of a counter. Thread-safe; threads that count at the same time do not contend. */
public final class Counter {
    /** The counter of disabled metrics: it counts nothing. */
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

    /** Adds {@code n}; a negative number is ignored, since a counter only grows. */
    public void add(long n) {
        if (count != null && n > 0) {
            count.add(n);
        }
    }

    /** Returns the count; exact while no thread is counting. */
    public long count() {
        return count == null ? 0 : count.sum();
    }
}
