package io.lynx.examples.orders;

import io.lynx.time.Scheduler;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** Waits for a time that a test can advance. */
@FunctionalInterface
interface Pause {
    /**
     * Waits.
     *
     * @throws InterruptedException if interrupted while waiting
     */
    void of(Duration duration) throws InterruptedException;

    /** Returns a pause that a scheduler ends. */
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
