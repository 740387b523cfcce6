package io.lynx.metrics;

/** The histogram of disabled metrics: it counts nothing. */
enum NoHistogram implements Histogram {
    NONE;

    @Override
    public void record(long value) {
        // Metrics are disabled.
    }

    @Override
    public long count() {
        return 0;
    }

    @Override
    public double sum() {
        return 0;
    }
}
