package io.lynx.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.extension.Registration;
import io.lynx.health.HealthCheckOptions.Group;
import io.lynx.health.HealthSnapshot.Phase;
import io.lynx.testkit.Await;
import io.lynx.testkit.ManualTime;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Checks on real virtual threads, in manual time. */
class HangingCheckTest {
    private static final RandomGenerator NO_JITTER = () -> 0;
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final ManualTime time = new ManualTime();
    private final AtomicInteger threadsStarted = new AtomicInteger();
    private final AtomicInteger threadsHeld = new AtomicInteger();
    private final AtomicInteger threadsEnded = new AtomicInteger();
    private final ExecutorService executor = Executors.newThreadPerTaskExecutor(task -> {
        threadsStarted.incrementAndGet();
        return Thread.ofVirtual().unstarted(() -> {
            threadsHeld.incrementAndGet();
            try {
                task.run();
            } finally {
                threadsHeld.decrementAndGet();
                threadsEnded.incrementAndGet();
            }
        });
    });
    private final CountDownLatch release = new CountDownLatch(1);
    private final BlockingQueue<HealthEvent.CheckRan> runs = new LinkedBlockingQueue<>();
    private final HealthMonitor monitor = HealthMonitor.builder(HealthCheckConfig.defaults(), time, time, executor)
            .clock(time)
            .random(NO_JITTER)
            .build();

    @AfterEach
    void end() throws InterruptedException {
        release.countDown();
        monitor.close();
        executor.shutdown();
        assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }

    /** Ignores interruption: it comes back when the test lets it. */
    private Health stubborn(CountDownLatch begun) {
        begun.countDown();
        boolean isReleased = false;
        while (!isReleased) {
            try {
                release.await();
                isReleased = true;
            } catch (InterruptedException _) {
                // Asked to leave, and stays.
            }
        }
        return Health.up();
    }

    private void startMonitor() {
        var _ = monitor.addListener("test", event -> {
            if (event instanceof HealthEvent.CheckRan ran
                    && !ran.report().plugin().equals(HealthMonitor.OWN_PLUGIN)) {
                runs.add(ran);
            }
        });
        monitor.start();
        monitor.enter(Phase.SERVING);
    }

    private HealthEvent.CheckRan nextRun() throws InterruptedException {
        HealthEvent.CheckRan ran = runs.poll(30, TimeUnit.SECONDS);
        assertThat(ran).as("a run within half a minute").isNotNull();
        return java.util.Objects.requireNonNull(ran);
    }

    @Test
    void reportsATimeoutAndInterruptsTheCheck() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        startMonitor();
        var _ = monitor.register("db", "db", HealthCheckOptions.defaults(), () -> {
            begun.countDown();
            try {
                release.await();
            } catch (InterruptedException asked) {
                interrupted.countDown();
                throw asked;
            }
            return Health.up();
        });
        time.advance(Duration.ZERO);
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();

        time.advance(TIMEOUT);

        CheckReport report = nextRun().report();
        assertThat(report.status()).isEqualTo(HealthStatus.DOWN);
        assertThat(report.error()).isEqualTo("timeout after 5s");
        assertThat(report.duration()).isEqualTo(TIMEOUT);
        assertThat(String.valueOf(report.data().get("hangs_at"))).contains("io.lynx.health.HangingCheckTest.");
        assertThat(interrupted.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void neitherRunsAHangingCheckAgainNorLetsItStayUp() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        startMonitor();
        var _ = monitor.register("db", "db", HealthCheckOptions.defaults(), () -> {
            if (calls.incrementAndGet() == 1) {
                return Health.up();
            }
            return stubborn(begun);
        });
        time.advance(Duration.ZERO);
        assertThat(nextRun().outcome()).isEqualTo(HealthEvent.Outcome.HEALTHY);

        time.advance(Duration.ofSeconds(30));
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
        time.advance(TIMEOUT);
        assertThat(nextRun().report().status()).isEqualTo(HealthStatus.UP);
        time.advance(Duration.ofSeconds(15));

        assertThat(nextRun().outcome()).isEqualTo(HealthEvent.Outcome.TIMEOUT);
        CheckReport third = nextRun().report();
        assertThat(third.consecutiveFailures()).isEqualTo(3);
        assertThat(third.status()).isEqualTo(HealthStatus.DOWN);
        assertThat(third.hanging()).isTrue();
        assertThat(calls).hasValue(2);
    }

    @Test
    void runsACheckAgainOnceItsHungRunIsOver() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        startMonitor();
        var _ = monitor.register("db", "db", HealthCheckOptions.defaults(), () -> stubborn(begun));
        time.advance(Duration.ZERO);
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
        time.advance(TIMEOUT);
        assertThat(nextRun().outcome()).isEqualTo(HealthEvent.Outcome.TIMEOUT);

        release.countDown();
        awaitNoThreadHeld();
        assertThat(monitor.snapshot().check("db").orElseThrow().status())
                .as("the late answer is dropped")
                .isEqualTo(HealthStatus.DOWN);
        assertThat(monitor.snapshot().check("db").orElseThrow().hanging()).isFalse();
        time.advance(Duration.ofSeconds(5));

        assertThat(nextRun().report().status()).isEqualTo(HealthStatus.UP);
    }

    private void awaitNoThreadHeld() {
        Await.asserted("no check holds a thread", () -> assertThat(threadsHeld).hasValue(0));
    }

    @Test
    void interruptsTheCheckOfARemovedPluginAndDropsItsResult() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        startMonitor();
        Registration db = monitor.register("db", "db", HealthCheckOptions.defaults(), () -> {
            begun.countDown();
            try {
                release.await();
                return Health.up();
            } catch (InterruptedException asked) {
                interrupted.countDown();
                throw asked;
            }
        });
        time.advance(Duration.ZERO);
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();

        db.close();

        assertThat(interrupted.await(30, TimeUnit.SECONDS)).isTrue();
        awaitNoThreadHeld();
        assertThat(monitor.snapshot().check("db")).isEmpty();
        assertThat(runs).isEmpty();
    }

    @Test
    void holdsNoMoreThreadsThanChecksHang() throws InterruptedException {
        int healthy = 150;
        int hanging = 50;
        CountDownLatch begun = new CountDownLatch(hanging);
        startMonitor();
        // The monitor's own checks run on real threads: no leap of the manual time may overtake one.
        time.advance(Duration.ofSeconds(2));
        awaitHeld(0);
        for (int i = 0; i < healthy; i++) {
            var _ = monitor.register("good", "good-" + i, HealthCheckOptions.defaults(), Health::up);
        }
        for (int i = 0; i < hanging; i++) {
            var _ = monitor.register(
                    "bad", "bad-" + i, HealthCheckOptions.defaults().internal(), () -> stubborn(begun));
        }
        time.advance(Duration.ZERO);
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();

        for (int i = 0; i < healthy; i++) {
            assertThat(nextRun().outcome()).isEqualTo(HealthEvent.Outcome.HEALTHY);
        }
        for (int round = 0; round < 3; round++) {
            time.advance(Duration.ofSeconds(10));
            for (int i = 0; i < hanging; i++) {
                assertThat(nextRun().outcome()).isEqualTo(HealthEvent.Outcome.TIMEOUT);
            }
            awaitHeld(hanging);
        }

        assertThat(monitor.snapshot().checks().stream().filter(CheckReport::hanging))
                .hasSize(hanging);
        assertThat(monitor.snapshot().status(Group.READINESS)).isEqualTo(HealthStatus.DOWN);
        assertThat(monitor.snapshot().status(Group.LIVENESS)).isEqualTo(HealthStatus.UP);
        assertThat(monitor.snapshot().statusOf("good")).isEqualTo(HealthStatus.UP);
    }

    /** Waits until just so many threads are held; ones that are only about to begin count as well. */
    private void awaitHeld(int threads) {
        Await.asserted("the checks hold their threads", () -> assertThat(threadsStarted.get() - threadsEnded.get())
                .isEqualTo(threads));
        assertThat(threadsHeld).hasValue(threads);
    }
}
