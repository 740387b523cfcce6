package io.lynx.examples.orders;

import io.lynx.time.Scheduler;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** Waits for a time that a test can move. */
@FunctionalInterface
interface Pause {
    /**
     * Blocks the caller.
     *
     * @throws InterruptedException if interrupted meanwhile
     */
    void of(Duration duration) throws InterruptedException;

    /** Waits on the application's scheduler. */
    static Pause on(Scheduler scheduler) {
        return duration -> {
            CountDownLatch over = new CountDownLatch(1);
            Scheduler.Scheduled timer = scheduler.after(duration, over::countDown);
            try {
                over.await();
            } finally {
                timer.cancel();
            }
        };
    }
}
