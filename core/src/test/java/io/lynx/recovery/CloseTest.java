package io.lynx.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.recovery.RecoveryCloseReport.UnfinishedRecovery;
import io.lynx.recovery.RecoveryRecord.Result;
import io.lynx.recovery.run.RunnerState;
import io.lynx.time.Deadline;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CloseTest {
    private final Semaphore gate = new Semaphore(0);
    private final RecoveryFixture fixture = new RecoveryFixture();

    private RecoveryCloseReport close(Duration timeout) {
        return fixture.manager.close(Deadline.after(timeout, fixture.time));
    }

    @Test
    void closingTwiceGivesTheSameReport() {
        RecoveryCloseReport first = close(Duration.ofSeconds(5));

        assertThat(first).isEqualTo(new RecoveryCloseReport(0, java.util.List.of()));
        assertThat(close(Duration.ofSeconds(5))).isSameAs(first);
    }

    @Test
    void cancelsRunningRecoveriesAndWaitsForTheirEnd() {
        TestStrategy strategy = TestStrategy.gated("gated", gate);
        fixture.startRecovery(strategy, ErrorSeverity.MEDIUM);

        RecoveryCloseReport report = close(Duration.ofSeconds(20));

        assertThat(report.isClean()).isTrue();
        assertThat(report.cancelled()).isEqualTo(1);
        assertThat(fixture.finished().result()).isEqualTo(Result.CANCELLED);
        assertThat(RunnerState.freeSlots(fixture.manager)).isEqualTo(10);
    }

    @Test
    void reportsRecoveriesThatDoNotEndWithinTheDeadline() {
        TestStrategy strategy = TestStrategy.deaf("deaf", gate);
        fixture.startRecovery(strategy, ErrorSeverity.MEDIUM);

        CompletableFuture<RecoveryCloseReport> closing =
                CompletableFuture.supplyAsync(() -> close(Duration.ofMillis(500)));
        RecoveryFixture.eventually(() -> fixture.time.pending() >= 2);
        fixture.time.advance(Duration.ofMillis(500));
        RecoveryCloseReport report = closing.orTimeout(20, TimeUnit.SECONDS).join();

        assertThat(report.abandoned()).singleElement().satisfies(left -> {
            assertThat(left.what()).isEqualTo("component 'a': strategy 'deaf'");
            // Zero if the close, which waits by real time too, was over before the manual time moved.
            assertThat(left.age()).isIn(Duration.ZERO, Duration.ofMillis(500));
            assertThat(left.stack().toString()).contains("TestStrategy");
        });
        assertThat(report.isClean()).isFalse();
        gate.release();
    }

    @Test
    void countsARecoveryThatWaitedForTheOneThatIsCancelled() {
        for (int run = 0; run < 200; run++) {
            try (RecoveryFixture own = new RecoveryFixture()) {
                own.startRecovery(TestStrategy.gated("gated", gate), ErrorSeverity.MEDIUM);
                own.error("a", ErrorSeverity.HIGH);

                RecoveryCloseReport report = own.manager.close(Deadline.after(Duration.ofSeconds(20), own.time));

                assertThat(report.cancelled()).as("what run %s cancelled", run).isEqualTo(2);
            }
        }
    }

    @Test
    void reportsARecoveryThatIsAbandonedWhenTheDeadlineEnds() {
        for (int run = 0; run < 500; run++) {
            Semaphore itsGate = new Semaphore(0);
            try (RecoveryFixture own = new RecoveryFixture()) {
                own.startRecovery(TestStrategy.deaf("deaf", itsGate), ErrorSeverity.MEDIUM);
                // Just before an interrupted strategy is abandoned: the close wakes up while that happens.
                Deadline deadline = Deadline.after(Duration.ofSeconds(1).minusNanos(1), own.time);
                CompletableFuture<RecoveryCloseReport> closing =
                        CompletableFuture.supplyAsync(() -> own.manager.close(deadline));
                RecoveryFixture.eventually(() -> own.time.pending() >= 3);
                own.time.advance(Duration.ofSeconds(1));

                assertThat(closing.orTimeout(20, TimeUnit.SECONDS).join().abandoned())
                        .as("what run %s left", run)
                        .hasSize(1);
            } finally {
                itsGate.release();
            }
        }
    }

    @Test
    void reportsStrategiesThatWereAbandonedBefore() {
        TestStrategy strategy = TestStrategy.deaf("deaf", gate).timeout(Duration.ofSeconds(1));
        fixture.startRecovery(strategy, ErrorSeverity.MEDIUM);
        fixture.time.advance(Duration.ofSeconds(2));
        fixture.finished();

        assertThat(close(Duration.ofSeconds(5)).abandoned())
                .extracting(UnfinishedRecovery::what)
                .containsExactly("component 'a': strategy 'deaf'");
        gate.release();
    }

    @Test
    void recordsButDoesNotRecoverAfterwards() {
        TestStrategy strategy = TestStrategy.recovering("quick");
        fixture.manager.registerRecoveryStrategy("database", strategy);
        close(Duration.ofSeconds(5));

        fixture.error("a", ErrorSeverity.MEDIUM);
        fixture.settle();

        assertThat(strategy.runs).hasValue(0);
        assertThat(fixture.manager.totals().recorded()).isEqualTo(1);
    }

    @Test
    void restoresTheInterruptionOfItsCaller() {
        TestStrategy strategy = TestStrategy.gated("gated", gate);
        fixture.startRecovery(strategy, ErrorSeverity.MEDIUM);

        Thread.currentThread().interrupt();
        RecoveryCloseReport report = close(Duration.ofSeconds(20));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(report.isClean()).isTrue();
    }

    @Test
    void closingEndsTheSchedulerThatItCreated() {
        ErrorRecoveryManager manager = ErrorRecoveryManager.builder().build();
        manager.registerRecoveryStrategy("database", TestStrategy.gated("gated", gate));
        manager.recordError("database", "lost", "a", ErrorSeverity.MEDIUM, null);
        RecoveryFixture.eventually(() -> manager.errorStats().recoveryStats().active() == 1);

        RecoveryCloseReport report =
                manager.close(Deadline.after(Duration.ofSeconds(20), io.lynx.time.Ticker.system()));

        assertThat(report.isClean()).isTrue();
        assertThat(report.cancelled()).isEqualTo(1);
    }

    @Test
    void closingWhileErrorsArriveLosesNone() {
        fixture.manager.registerRecoveryStrategy("database", TestStrategy.recovering("quick"));
        CompletableFuture<Void> recorder = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < 20_000; i++) {
                fixture.error("component-" + i % 50, ErrorSeverity.MEDIUM);
            }
        });

        RecoveryCloseReport report = close(Duration.ofSeconds(20));
        recorder.orTimeout(20, TimeUnit.SECONDS).join();
        fixture.settle();

        ErrorStats.Totals totals = fixture.manager.totals();
        assertThat(report.isClean()).isTrue();
        assertThat(totals.recorded()).isEqualTo(20_000);
        assertThat(totals.inHistory() + totals.sampledOut()).isEqualTo(20_000);
        assertThat(RunnerState.freeSlots(fixture.manager)).isEqualTo(10);
    }
}
