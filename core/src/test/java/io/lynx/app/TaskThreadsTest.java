package io.lynx.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.os.OneCarrierProcess;
import io.lynx.testkit.Await;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TaskThreadsTest {
    private final CountDownLatch release = new CountDownLatch(1);
    private final TaskThreads threads = new TaskThreads();

    @AfterEach
    void end() {
        release.countDown();
        threads.close();
    }

    private void block(CountDownLatch begun) {
        threads.execute(() -> {
            begun.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void runsATaskWhileManyOthersAreBlocked() throws Exception {
        CountDownLatch begun = new CountDownLatch(TaskThreads.MOST - 1);
        for (int i = 1; i < TaskThreads.MOST; i++) {
            block(begun);
        }
        await(begun);
        CountDownLatch ran = new CountDownLatch(1);
        AtomicInteger virtual = new AtomicInteger();

        threads.execute(() -> {
            virtual.addAndGet(Thread.currentThread().isVirtual() ? 1 : 0);
            ran.countDown();
        });

        await(ran);
        assertThat(virtual).hasValue(0);
    }

    @Test
    void tasksBeyondTheBoundWaitForAThread() throws Exception {
        CountDownLatch begun = new CountDownLatch(TaskThreads.MOST);
        for (int i = 0; i < TaskThreads.MOST; i++) {
            block(begun);
        }
        await(begun);
        AtomicInteger most = new AtomicInteger();
        AtomicInteger running = new AtomicInteger();
        CountDownLatch ran = new CountDownLatch(1000);
        for (int i = 0; i < 1000; i++) {
            threads.execute(() -> {
                most.accumulateAndGet(running.incrementAndGet(), Math::max);
                running.decrementAndGet();
                ran.countDown();
            });
        }
        assertThat(ran.getCount()).isEqualTo(1000);

        release.countDown();

        await(ran);
        assertThat(most.get()).isBetween(1, TaskThreads.MOST);
    }

    @Test
    void everyTaskOfABurstRuns() {
        AtomicInteger ran = new AtomicInteger();
        for (int i = 0; i < 20_000; i++) {
            threads.execute(ran::incrementAndGet);
        }

        Await.until("all have run", () -> ran.get() == 20_000);
    }

    @Test
    void closingEndsIdleThreadsAndRunsWaitingTasks() throws Exception {
        CountDownLatch ran = new CountDownLatch(100);
        for (int i = 0; i < 100; i++) {
            threads.execute(ran::countDown);
        }
        threads.close();
        threads.execute(() -> {
            throw new IllegalStateException("runs although it was closed");
        });

        await(ran);
    }

    @Test
    void tasksRunWhileTheCarriersOfVirtualThreadsAreBusy() throws Exception {
        assertThat(OneCarrierProcess.run(BusyTasks.class).lines()).containsExactly("40 deadlines");
    }
}
