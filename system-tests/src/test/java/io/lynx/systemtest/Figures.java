package io.lynx.systemtest;

import java.time.Duration;
import java.util.List;

/** Measured times, said where a build's log can be searched for them: {@code FIGURE name: value}. */
final class Figures {
    private Figures() {}

    /** One time. */
    static void report(String name, Duration value) {
        System.out.printf("FIGURE %s: %.1f ms%n", name, value.toNanos() / 1e6);
    }

    /** What stops under load did to requests. */
    static void report(String name, int stops, long answered, long lost) {
        System.out.printf("FIGURE %s: %d stops, %d requests answered, lost: %d%n", name, stops, answered, lost);
    }

    /** Several of the same kind: median and worst. */
    static void report(String name, List<Duration> values) {
        List<Duration> sorted = values.stream().sorted().toList();
        Duration median = sorted.get(sorted.size() / 2);
        System.out.printf(
                "FIGURE %s: median %.1f ms, worst %.1f ms of %d%n",
                name, median.toNanos() / 1e6, sorted.getLast().toNanos() / 1e6, sorted.size());
    }
}
