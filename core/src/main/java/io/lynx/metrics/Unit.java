package io.lynx.metrics;

/** What a histogram is told, and what it shows: whole numbers go in, so that recording one is two additions. */
public enum Unit {
    /** Nanoseconds in, seconds out. */
    SECONDS(1e-9),
    /** Bytes in and out. */
    BYTES(1),
    /** A plain number in and out. */
    NONE(1);

    private final double scale;

    Unit(double scale) {
        this.scale = scale;
    }

    /** What one recorded unit is in the unit shown. */
    double scale() {
        return scale;
    }
}
