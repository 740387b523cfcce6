package io.lynx.app;

import io.lynx.time.Ticker;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A process whose only carrier of virtual threads computes without end, while twenty tasks of the scheduler are blocked. It prints how
 * many other tasks ran in time.
 */
final class BusyTasks {
    private static final int BLOCKED = 20;
    private static final int DEADLINES = 40;
    private static volatile long sink;

    private BusyTasks() {}

    public static void main(String[] args) throws Exception {
        Thread _ = Thread.startVirtualThread(BusyTasks::compute);
        while (sink == 0) {
            Thread.onSpinWait();
        }
        ApplicationTime time = ApplicationTime.of(Ticker.system(), null, InstantSource.system());
        CountDownLatch blocked = new CountDownLatch(BLOCKED);
        for (int i = 0; i < BLOCKED; i++) {
            var _ = time.scheduler().after(Duration.ofMillis(1), () -> block(blocked));
        }
        boolean _ = blocked.await(20, TimeUnit.SECONDS);
        CountDownLatch due = new CountDownLatch(DEADLINES);
        for (int i = 0; i < DEADLINES; i++) {
            var _ = time.scheduler().after(Duration.ofMillis(1), due::countDown);
        }
        boolean _ = due.await(20, TimeUnit.SECONDS);
        System.out.println((DEADLINES - due.getCount()) + " deadlines");
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    private static void block(CountDownLatch blocked) {
        blocked.countDown();
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // Its value does not matter.
    private static void compute() {
        while (true) {
            sink++;
        }
    }
}
