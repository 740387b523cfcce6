package io.lynx.logging;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.health.HealthCheckConfig;
import io.lynx.health.HealthMonitor;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The lines that an operator reads when the status of a health check changes. */
class HealthLinesTest {
    @RegisterExtension
    private final RecordedLines lines = new RecordedLines("io.lynx.health");

    private final List<Runnable> waiting = new CopyOnWriteArrayList<>();

    /** Runs each task that waits now, whatever its delay is. */
    private void runWaiting() {
        List.copyOf(waiting).forEach(Runnable::run);
    }

    @Test
    void aDeadlockIsLoggedWithItsThreadsAndWhereTheyWait() throws Exception {
        ReentrantLock left = new ReentrantLock();
        ReentrantLock right = new ReentrantLock();
        CyclicBarrier bothHoldOne = new CyclicBarrier(2);
        Thread one = deadlocking("payer", left, right, bothHoldOne);
        Thread other = deadlocking("shipper", right, left, bothHoldOne);
        try (HealthMonitor monitor = HealthMonitor.builder(
                        HealthCheckConfig.defaults(),
                        (_, task) -> {
                            waiting.add(task);
                            return () -> waiting.remove(task);
                        },
                        () -> 0,
                        Runnable::run)
                .build()) {
            Deadline deadline = Deadline.after(Duration.ofSeconds(30), Ticker.system());
            while (ManagementFactory.getThreadMXBean().findDeadlockedThreads() == null && !deadline.isExpired()) {
                Thread.onSpinWait();
            }

            monitor.start();
            runWaiting();

            String waits = " waits for java\\.util\\.concurrent\\.locks\\.ReentrantLock\\S+ held by ";
            String place = ", at io\\.lynx\\.logging\\.HealthLinesTest\\.\\S+\\(HealthLinesTest\\.java:\\d+\\)";
            assertThat(lines.texts())
                    .singleElement()
                    .asString()
                    .startsWith("WARN Health check lynx.deadlock is DOWN: deadlock of 2 threads: ")
                    .containsPattern("payer" + waits + "shipper" + place)
                    .containsPattern("shipper" + waits + "payer" + place);
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
                // The test ends the deadlock by interrupting.
            } finally {
                first.unlock();
            }
        });
    }
}
