package io.lynx.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

class DeadlockCheckTest {
    @Test
    void isUpWithoutADeadlock() {
        assertThat(new DeadlockCheck().check()).isEqualTo(Health.up());
    }

    @Test
    void namesTheThreadsOfADeadlock() throws Exception {
        ReentrantLock left = new ReentrantLock();
        ReentrantLock right = new ReentrantLock();
        CyclicBarrier bothHoldOne = new CyclicBarrier(2);
        Thread one = deadlocking("knot-one", left, right, bothHoldOne);
        Thread other = deadlocking("knot-other", right, left, bothHoldOne);
        try {
            Deadline deadline = Deadline.after(Duration.ofSeconds(30), Ticker.system());
            Health health = new DeadlockCheck().check();
            while (health.status() == HealthStatus.UP && !deadline.isExpired()) {
                health = new DeadlockCheck().check();
            }

            assertThat(health.status()).isEqualTo(HealthStatus.DOWN);
            assertThat(health.error())
                    .startsWith("deadlock of 2 threads: ")
                    .contains("knot-one waits for ", "held by knot-one, at io.lynx.health.DeadlockCheckTest.");
            assertThat(String.valueOf(health.data().get("threads")))
                    .contains("knot-one waits for java.util.concurrent.locks.ReentrantLock")
                    .contains("held by knot-other");
        } finally {
            one.interrupt();
            other.interrupt();
            one.join();
            other.join();
        }
    }

    private static Thread deadlocking(String name, ReentrantLock first, ReentrantLock second, CyclicBarrier barrier) {
        return Thread.ofPlatform().name(name).daemon().start(() -> {
            first.lock();
            try {
                barrier.await();
                second.lockInterruptibly();
                second.unlock();
            } catch (Exception _) {
                // The test unties the knot by interrupting.
            } finally {
                first.unlock();
            }
        });
    }
}
