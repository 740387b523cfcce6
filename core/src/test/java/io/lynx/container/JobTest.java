package io.lynx.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.job.JobContext;
import io.lynx.job.Schedule;
import io.lynx.plugin.PluginState;
import io.lynx.testkit.Await;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class JobTest {
    private final ContainerFixture fixture = new ContainerFixture();
    private final AtomicInteger runs = new AtomicInteger();

    private void awaitRuns(int expected) {
        Await.until(
                "the runs are reported",
                () -> fixture.observed.stream()
                                .filter(line -> line.startsWith("tidy "))
                                .count()
                        >= expected);
        // The next run is scheduled just after the report of the last.
        Await.until("the next run is scheduled", () -> fixture.time.pending() > 0);
    }

    @Test
    void runsAgainAfterEachDelay() throws Exception {
        fixture.add("orders")
                .onStart(context -> context.schedule(
                        "tidy", Schedule.every(Duration.ofSeconds(30)), job -> runs.incrementAndGet()));
        fixture.start();

        for (int i = 1; i <= 3; i++) {
            fixture.time.advance(Duration.ofSeconds(30));
            awaitRuns(i);
        }

        assertThat(runs).hasValue(3);
        assertThat(fixture.observed).contains("tidy SUCCESS");
        assertThat(fixture.metric("lynx_job_runs_total{job=\"tidy\",outcome=\"success\"}"))
                .isEqualTo(3);
        assertThat(fixture.metric("lynx_job_last_success_timestamp_seconds{job=\"tidy\"}"))
                .isEqualTo((double) ContainerFixture.CLOCK_START.plusSeconds(90).getEpochSecond());
    }

    @Test
    void runWithoutATimeoutIsNamedAfterTenMinutes() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        fixture.add("orders")
                .onStart(context -> context.schedule("tidy", Schedule.every(Duration.ofSeconds(30)), job -> {
                    begun.countDown();
                    released.await();
                }));
        fixture.start();
        fixture.time.advance(Duration.ofSeconds(30));
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();

        fixture.time.advance(Duration.ofMinutes(9));
        assertThat(fixture.observed).doesNotContain("tidy overdue");
        fixture.time.advance(Duration.ofMinutes(1));
        assertThat(fixture.observed).contains("tidy overdue");
        released.countDown();

        Await.until("the run ends", () -> fixture.observed.contains("tidy SUCCESS"));
    }

    @Test
    void jobThatThrowsRunsAgainAndItsPluginKeepsRunning() throws Exception {
        fixture.add("orders")
                .onStart(context -> context.schedule("tidy", Schedule.every(Duration.ofSeconds(1)), job -> {
                    if (runs.incrementAndGet() == 1) {
                        throw new NoClassDefFoundError("gone");
                    }
                    Thread.currentThread().interrupt();
                }));
        fixture.start();

        fixture.time.advance(Duration.ofSeconds(1));
        awaitRuns(1);
        fixture.time.advance(Duration.ofSeconds(1));
        awaitRuns(2);

        assertThat(fixture.observed).containsSubsequence("tidy FAILURE", "tidy SUCCESS");
        assertThat(fixture.state("orders")).isEqualTo(PluginState.RUNNING);
    }

    @Test
    void missedTimesOfAFixedRateCollapse() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        fixture.add("orders")
                .onStart(context -> context.schedule("tidy", Schedule.fixedRate(Duration.ofSeconds(10)), job -> {
                    if (runs.incrementAndGet() == 1) {
                        release.await();
                    }
                }));
        fixture.start();
        fixture.time.advance(Duration.ofSeconds(10));
        Await.until("the job runs", () -> runs.get() > 0);

        fixture.time.advance(Duration.ofSeconds(35));
        release.countDown();
        awaitRuns(1);
        fixture.time.advance(Duration.ofSeconds(4));
        assertThat(runs).hasValue(1);
        fixture.time.advance(Duration.ofSeconds(1));
        awaitRuns(2);

        assertThat(runs).hasValue(2);
    }

    @Test
    void cronJobRunsAtWallClockTimes() throws Exception {
        fixture.add("orders")
                .onStart(
                        context -> context.schedule("tidy", Schedule.cron("0 3 * * *"), job -> runs.incrementAndGet()));
        fixture.start();

        for (int minute = 0; minute < 179; minute++) {
            fixture.time.advance(Duration.ofMinutes(1));
        }
        assertThat(runs).hasValue(0);
        fixture.time.advance(Duration.ofMinutes(1));
        awaitRuns(1);

        assertThat(runs).hasValue(1);
    }

    @Test
    void timeoutExpiresTheContextAndIsReportedWithoutAnInterrupt() throws Exception {
        AtomicReference<JobContext> context = new AtomicReference<>();
        CountDownLatch release = new CountDownLatch(1);
        fixture.add("orders")
                .onStart(it -> it.schedule(
                        "tidy", Schedule.every(Duration.ofSeconds(1)).withTimeout(Duration.ofSeconds(5)), job -> {
                            context.set(job);
                            release.await();
                        }));
        fixture.start();
        fixture.time.advance(Duration.ofSeconds(1));
        Await.until("the job runs", () -> context.get() != null);
        assertThat(context.get().isCancelled()).isFalse();

        fixture.time.advance(Duration.ofSeconds(5));
        assertThat(context.get().isCancelled()).isTrue();
        assertThat(fixture.observed).contains("tidy overdue");
        release.countDown();
        awaitRuns(2);

        assertThat(fixture.observed).contains("tidy TIMEOUT");
    }

    @Test
    void stopWaitsForTheRunInProgressAndBeginsNoOther() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        fixture.add("orders")
                .onStart(context -> context.schedule("tidy", Schedule.every(Duration.ofSeconds(1)), job -> {
                    running.countDown();
                    release.await();
                    fixture.journal.add("job done");
                }));
        fixture.start();
        fixture.time.advance(Duration.ofSeconds(1));
        assertThat(running.await(20, TimeUnit.SECONDS)).isTrue();

        FutureTask<List<PluginStop>> stop = ContainerFixture.async(fixture::stop);
        Await.until("the plugin is stopping", () -> fixture.state("orders") == PluginState.STOPPING);
        release.countDown();
        List<PluginStop> stops = stop.get(20, TimeUnit.SECONDS);

        assertThat(stops).allMatch(PluginStop::isClean);
        assertThat(fixture.journal).endsWith("started orders", "job done", "stop orders", "stopped orders");
        assertThat(fixture.time.pending()).isZero();
    }

    @Test
    void refusesNamesThatAreTakenOrMalformed() throws Exception {
        FakePlugin orders = fixture.add("orders")
                .onStart(context -> context.schedule("tidy", Schedule.every(Duration.ofSeconds(1)), job -> {}));
        FakePlugin other = fixture.add("other");
        fixture.start();

        assertThatThrownBy(() -> Objects.requireNonNull(other.context)
                        .schedule("tidy", Schedule.every(Duration.ofSeconds(1)), job -> {}))
                .hasMessage(
                        "job 'tidy': scheduled by plugin 'other' but owned by plugin 'orders'; a name has one owner");
        assertThatThrownBy(() -> Objects.requireNonNull(orders.context)
                        .schedule("Tidy up", Schedule.every(Duration.ofSeconds(1)), job -> {}))
                .hasMessageContaining("job: 'Tidy up' (plugin orders) is not a name");
    }
}
