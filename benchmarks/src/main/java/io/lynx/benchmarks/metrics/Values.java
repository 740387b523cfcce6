package io.lynx.benchmarks.metrics;

import java.util.Random;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Durations of requests, in nanoseconds: log-normal around 20 ms; one sequence a thread. */
@State(Scope.Thread)
public class Values {
    private static final int SIZE = 4096;

    private final long[] nanos = new long[SIZE];
    private int next;

    /** Returns durations that are drawn with a fixed seed. */
    public Values() {
        Random random = new Random(42);
        for (int i = 0; i < SIZE; i++) {
            nanos[i] = (long) (20e6 * Math.exp(random.nextGaussian()));
        }
    }

    long next() {
        return nanos[next++ & (SIZE - 1)];
    }
}
