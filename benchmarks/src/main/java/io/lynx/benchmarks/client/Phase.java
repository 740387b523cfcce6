package io.lynx.benchmarks.client;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.List;

/** The calls that begin in one part of a run. Thread-safe. */
final class Phase {
    @GuardedBy("this")
    private final Latencies latencies = new Latencies();

    @GuardedBy("this")
    private int failures;

    @GuardedBy("this")
    private int pending;

    synchronized void begun() {
        pending++;
    }

    synchronized void ended(long nanos, boolean succeeded) {
        pending--;
        failures += succeeded ? 0 : 1;
        latencies.add(nanos);
        if (pending == 0) {
            notifyAll();
        }
    }

    /** Waits until every call that has begun has ended. */
    synchronized void awaitEnd() throws InterruptedException {
        while (pending > 0) {
            wait();
        }
    }

    synchronized int calls() {
        return latencies.count();
    }

    /** Returns the share of the calls that failed. */
    synchronized double failureShare() {
        return latencies.count() == 0 ? 0 : (double) failures / latencies.count();
    }

    /** Returns the time within which 99 % of the calls ended, in milliseconds; those that failed count. */
    synchronized double tailMillis() {
        return Latencies.percentile(List.of(latencies), 0.99) / 1e6;
    }
}
