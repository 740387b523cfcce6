package io.lynx.metrics;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One series of a gauge: the value that was set last. Thread-safe. */
public final class Gauge {
    /** The gauge of disabled metrics: always zero. */
    static final Gauge NONE = new Gauge(null);

    private final @Nullable AtomicLong bits;

    private Gauge(@Nullable AtomicLong bits) {
        this.bits = bits;
    }

    Gauge() {
        this(new AtomicLong());
    }

    /** Sets the value; infinities and NaN are allowed. */
    public void set(double value) {
        if (bits != null) {
            bits.set(Double.doubleToRawLongBits(value));
        }
    }

    /** Adds {@code delta}, which may be negative. */
    public void add(double delta) {
        if (bits != null) {
            bits.updateAndGet(now -> Double.doubleToRawLongBits(Double.longBitsToDouble(now) + delta));
        }
    }

    /** Returns the value. */
    double value() {
        return bits == null ? 0 : Double.longBitsToDouble(bits.get());
    }
}
