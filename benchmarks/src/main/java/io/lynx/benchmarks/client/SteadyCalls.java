package io.lynx.benchmarks.client;

import io.lynx.http.client.HttpClient;
import java.util.concurrent.locks.LockSupport;

/**
 * Calls at a steady rate, each on a virtual thread of its own, so that calls that hang hold up no others. Times count from the
 * moment when a call was due. Not thread-safe.
 */
final class SteadyCalls {
    private static final long SECOND = 1_000_000_000L;

    private final HttpClient client;
    private final String path;
    private final long interval;
    private long due = System.nanoTime();

    SteadyCalls(HttpClient client, String path, int perSecond) {
        this.client = client;
        this.path = path;
        this.interval = SECOND / perSecond;
    }

    /** Begins calls for a while. */
    Phase run(int seconds) {
        Phase phase = new Phase();
        due = Math.max(due, System.nanoTime() - SECOND);
        long end = due + seconds * SECOND;
        while (due < end) {
            long early = due - System.nanoTime();
            if (early > 0) {
                LockSupport.parkNanos(early);
            } else {
                begin(phase, due);
                due += interval;
            }
        }
        return phase;
    }

    private void begin(Phase phase, long dueAt) {
        phase.begun();
        Thread _ = Thread.ofVirtual().start(() -> {
            boolean succeeded = false;
            try {
                succeeded = client.get(path).send().status() == 200;
            } catch (RuntimeException failed) {
                // It counts as a failure.
            } finally {
                phase.ended(System.nanoTime() - dueAt, succeeded);
            }
        });
    }
}
