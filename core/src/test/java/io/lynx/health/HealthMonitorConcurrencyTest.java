package io.lynx.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.extension.Registration;
import io.lynx.health.HealthSnapshot.Phase;
import io.lynx.time.SystemScheduler;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Real time, real threads, everything at once. */
class HealthMonitorConcurrencyTest {
    private static final int PLUGINS = 4;
    private static final int ROUNDS = 300;
    private static final HealthCheckOptions QUICK =
            HealthCheckOptions.defaults().withInterval(Duration.ofMillis(10)).withTimeout(Duration.ofMillis(5));

    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final SystemScheduler scheduler = new SystemScheduler("test-timer", executor);
    private final HealthMonitor monitor = HealthMonitor.builder(
                    HealthCheckConfig.defaults(), scheduler, Ticker.system(), executor)
            .build();

    @AfterEach
    void end() {
        monitor.close();
        scheduler.close();
        executor.shutdownNow();
    }

    /** Fails if it is run by two threads at a time; hangs now and then, past its timeout. */
    private static final class LoneCheck implements HealthCheck {
        final AtomicInteger running = new AtomicInteger();
        final AtomicInteger overlaps = new AtomicInteger();
        final AtomicInteger runs = new AtomicInteger();
        final CountDownLatch never = new CountDownLatch(1);

        @Override
        public Health check() throws InterruptedException {
            if (running.incrementAndGet() > 1) {
                overlaps.incrementAndGet();
            }
            try {
                if (runs.incrementAndGet() % 5 == 0) {
                    never.await();
                }
                return Health.up();
            } finally {
                running.decrementAndGet();
            }
        }
    }

    @Test
    void staysConsistentWhileEverythingChanges() throws Exception {
        LoneCheck steady = new LoneCheck();
        var _ = monitor.register("steady", "steady", QUICK, steady);
        CountDownLatch steadyHasRun = new CountDownLatch(20);
        var _ = monitor.addListener("test", event -> {
            if (event instanceof HealthEvent.CheckRan ran && ran.report().name().equals("steady")) {
                steadyHasRun.countDown();
            }
        });
        monitor.start();
        monitor.enter(Phase.SERVING);
        List<Callable<Integer>> work = new ArrayList<>();
        for (int plugin = 0; plugin < PLUGINS; plugin++) {
            String id = "p" + plugin;
            work.add(() -> comeAndGo(id));
        }
        work.add(this::toggle);
        work.add(this::reconfigure);
        work.add(this::read);

        for (Future<Integer> done : executor.invokeAll(work)) {
            assertThat(done.get()).isEqualTo(ROUNDS);
        }
        assertThat(steadyHasRun.await(20, TimeUnit.SECONDS)).isTrue();

        assertThat(steady.overlaps).hasValue(0);
        assertThat(monitor.snapshot().checks())
                .extracting(CheckReport::name)
                .containsExactly(HealthMonitor.DEADLOCK, HealthMonitor.HEARTBEAT, "p0", "p1", "p2", "p3", "steady");
    }

    private int comeAndGo(String plugin) {
        for (int round = 0; round < ROUNDS; round++) {
            Registration check = monitor.register(plugin, plugin, QUICK, Health::up);
            if (round < ROUNDS - 1) {
                check.close();
                assertThat(monitor.snapshot().check(plugin)).isEmpty();
            }
        }
        return ROUNDS;
    }

    private int toggle() {
        for (int round = 0; round < ROUNDS; round++) {
            monitor.enable("steady", round % 2 == 1);
        }
        return ROUNDS;
    }

    private int reconfigure() {
        for (int round = 0; round < ROUNDS; round++) {
            Duration interval = Duration.ofSeconds(1 + round % 2);
            monitor.apply(HealthCheckConfig.defaults()
                    .withTimes(interval, Duration.ofSeconds(1))
                    .withThresholds(1 + round % 3, 1));
        }
        return ROUNDS;
    }

    private int read() {
        for (int round = 0; round < ROUNDS; round++) {
            List<String> names =
                    monitor.snapshot().checks().stream().map(CheckReport::name).toList();
            assertThat(names).isSorted().doesNotHaveDuplicates();
        }
        return ROUNDS;
    }
}
