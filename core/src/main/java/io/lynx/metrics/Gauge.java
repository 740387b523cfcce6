package io.lynx.metrics;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One series of a gauge: the last value that was set. Thread-safe. */
public final class Gauge {
    /** Always zero, where metrics are off. */
    static final Gauge NONE = new Gauge(null);

    private final @Nullable AtomicLong bits;

    private Gauge(@Nullable AtomicLong bits) {
        this.bits = bits;
    }

    Gauge() {
        this(new AtomicLong());
    }

    /** It is {@code value} now; infinities and NaN are values as well. */
    public void set(double value) {
        if (bits != null) {
            bits.set(Double.doubleToRawLongBits(value));
        }
    }

    /** It is {@code delta} more now, or less. */
    public void add(double delta) {
        if (bits != null) {
            bits.updateAndGet(now -> Double.doubleToRawLongBits(Double.longBitsToDouble(now) + delta));
        }
    }

    /** What it is now. */
    public double value() {
        return bits == null ? 0 : Double.longBitsToDouble(bits.get());
    }
}
