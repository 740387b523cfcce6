package io.lynx.systemtest.fleet;

import java.time.Duration;

/** Watches how many instances of a fleet are ready, and keeps the least number. */
final class ReadyWatch implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofMillis(200);

    private final Fleet fleet;
    private final Thread watcher;
    private volatile int least;
    private volatile boolean stopping;

    private ReadyWatch(Fleet fleet) {
        this.fleet = fleet;
        this.least = fleet.size();
        this.watcher = Thread.ofVirtual().unstarted(this::watch);
    }

    /** Begins to watch. */
    static ReadyWatch of(Fleet fleet) {
        ReadyWatch watch = new ReadyWatch(fleet);
        watch.watcher.start();
        return watch;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // One thread writes.
    private void watch() {
        try {
            while (!stopping) {
                least = Math.min(least, fleet.ready());
                Thread.sleep(INTERVAL);
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns the least number of instances that were ready at a time. */
    int least() {
        return least;
    }

    @Override
    public void close() throws InterruptedException {
        stopping = true;
        watcher.join();
    }
}
