package io.lynx.benchmarks.client;

import java.util.Arrays;
import java.util.List;

/** The times of calls in nanoseconds. Not thread-safe. */
final class Latencies {
    private long[] nanos = new long[1024];
    private int count;

    void add(long time) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * count);
        }
        nanos[count++] = time;
    }

    int count() {
        return count;
    }

    /** Returns the time within which this share of the calls of all ended, in nanoseconds; 0 if there are none. */
    static long percentile(List<Latencies> all, double share) {
        long[] sorted = all.stream()
                .flatMapToLong(each -> Arrays.stream(each.nanos, 0, each.count))
                .sorted()
                .toArray();
        return sorted.length == 0 ? 0 : sorted[(int) Math.min(sorted.length - 1L, Math.round(sorted.length * share))];
    }
}
