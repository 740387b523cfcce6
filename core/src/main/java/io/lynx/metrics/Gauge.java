package io.lynx.metrics;

import java.util.concurrent.atomic.AtomicLong;

/** One series of a gauge: the last value that was set. Thread-safe. */
public final class Gauge {
    private final AtomicLong bits = new AtomicLong();

    Gauge() {}

    /** It is {@code value} now; infinities and NaN are values as well. */
    public void set(double value) {
        bits.set(Double.doubleToRawLongBits(value));
    }

    /** It is {@code delta} more now, or less. */
    public void add(double delta) {
        bits.updateAndGet(now -> Double.doubleToRawLongBits(Double.longBitsToDouble(now) + delta));
    }

    /** What it is now. */
    public double value() {
        return Double.longBitsToDouble(bits.get());
    }
}
