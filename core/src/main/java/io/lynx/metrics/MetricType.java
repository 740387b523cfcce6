package io.lynx.metrics;

/** What a metric's values mean. */
public enum MetricType {
    /** Only grows; its name ends in {@code _total}. */
    COUNTER,
    /** Goes up and down. */
    GAUGE,
    /** Counts values by size. */
    HISTOGRAM,
    /** Says something in its labels; its value is always 1, its name ends in {@code _info}. */
    INFO
}
