package io.lynx.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.extension.Registration;
import io.lynx.recovery.RecoveryRecord.Result;
import io.lynx.recovery.run.RunnerState;
import io.lynx.testkit.Await;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StrategyTimeoutTest {
    private final Semaphore gate = new Semaphore(0);
    private final Semaphore started = new Semaphore(0);

    @Test
    void interruptsAStrategyThatExceedsItsTimeout() {
        TestStrategy strategy = TestStrategy.gated("slow", gate).timeout(Duration.ofSeconds(4));
        try (RecoveryFixture fixture = new RecoveryFixture()) {
            fixture.startRecovery(strategy, ErrorSeverity.MEDIUM);

            fixture.time.advance(Duration.ofSeconds(4));
            RecoveryRecord recovery = fixture.finished();

            assertThat(recovery.result()).isEqualTo(Result.FAILED);
            assertThat(recovery.note())
                    .isEqualTo("java.util.concurrent.TimeoutException: strategy 'slow': did not finish within 4000ms");
            assertThat(RunnerState.freeSlots(fixture.manager)).isEqualTo(10);
        }
    }

    @Test
    void noStrategyHasMoreThanSixtySeconds() {
        ErrorRecoveryConfig patient = new ErrorRecoveryConfig(
                true,
                10,
                10,
                10,
                Duration.ofSeconds(60),
                Duration.ofMinutes(10),
                10,
                3,
                Duration.ofMinutes(5),
                ErrorRecoveryConfig.OnExhausted.PARK,
                Duration.ofMinutes(1),
                Duration.ofMinutes(10));
        TestStrategy strategy = TestStrategy.gated("greedy", gate).timeout(Duration.ofDays(1));
        try (RecoveryFixture fixture = new RecoveryFixture(builder -> builder.config(patient))) {
            fixture.startRecovery(strategy, ErrorSeverity.MEDIUM);

            fixture.time.advance(Duration.ofSeconds(60));

            assertThat(fixture.finished().note()).endsWith("did not finish within 60000ms");
        }
    }

    @Test
    void strategiesTogetherHaveTheRecoveryTimeout() {
        TestStrategy first = TestStrategy.gated("first", gate).timeout(Duration.ofSeconds(20));
        TestStrategy second = TestStrategy.gated("second", gate).timeout(Duration.ofSeconds(20));
        try (RecoveryFixture fixture = new RecoveryFixture()) {
            fixture.manager.registerRecoveryStrategy("database", first);
            fixture.manager.registerRecoveryStrategy("database", second);
            fixture.error("a", ErrorSeverity.MEDIUM);
            first.awaitStart();

            fixture.time.advance(Duration.ofSeconds(20));
            second.awaitStart();
            fixture.time.advance(Duration.ofSeconds(10));

            assertThat(fixture.finished().note()).endsWith("strategy 'second': did not finish within 10000ms");
        }
    }

    @Test
    void abandonsAStrategyThatIgnoresItsInterruption() {
        TestStrategy strategy = TestStrategy.deaf("deaf", gate).timeout(Duration.ofSeconds(4));
        try (RecoveryFixture fixture = new RecoveryFixture()) {
            fixture.startRecovery(strategy, ErrorSeverity.MEDIUM);

            fixture.time.advance(Duration.ofSeconds(5));
            RecoveryRecord recovery = fixture.finished();
            fixture.error("a", ErrorSeverity.HIGH);
            fixture.settle();

            assertThat(recovery.result()).isEqualTo(Result.ABANDONED);
            assertThat(fixture.status("a")).isEqualTo("quarantined");
            assertThat(fixture.manager.resetComponent("a")).isFalse();
            assertThat(RunnerState.freeSlots(fixture.manager)).isEqualTo(9);
            assertThat(fixture.manager.errorStats().recoveryStats().abandoned()).isEqualTo(1);
            assertThat(fixture.manager.checkHealth().error())
                    .isEqualTo("component 'a': held by a strategy that does not return");
            assertThat(strategy.runs).hasValue(1);
            gate.release();
        }
    }

    @Test
    void abandonedStrategyThatEndsReturnsItsSlot() {
        TestStrategy strategy = TestStrategy.deaf("deaf", gate).timeout(Duration.ofSeconds(4));
        try (RecoveryFixture fixture = new RecoveryFixture()) {
            fixture.startRecovery(strategy, ErrorSeverity.MEDIUM);
            fixture.time.advance(Duration.ofSeconds(5));
            fixture.finished();

            gate.release(2);
            fixture.await(RecoveryEvent.ComponentReleased.class);
            fixture.error("a", ErrorSeverity.MEDIUM);
            RecoveryRecord next = fixture.finished();

            assertThat(next.result()).isEqualTo(Result.RECOVERED);
            assertThat(RunnerState.freeSlots(fixture.manager)).isEqualTo(10);
        }
    }

    @Test
    void aStrategyThatReturnsWhileItIsAbandonedHoldsNothing() {
        AtomicReference<@Nullable Thread> thread = new AtomicReference<>();
        TestStrategy strategy = new TestStrategy("deaf", _ -> {
            thread.set(Thread.currentThread());
            gate.acquireUninterruptibly();
            return RecoveryOutcome.recovered();
        });
        try (RecoveryFixture fixture = new RecoveryFixture();
                Registration _ = fixture.manager.addListener("release", event -> {
                    if (event instanceof RecoveryEvent.StrategyAbandoned) {
                        gate.release(2);
                        Await.until("the strategy has returned", () -> !Objects.requireNonNull(thread.get())
                                .isAlive());
                    }
                })) {
            fixture.startRecovery(strategy.timeout(Duration.ofSeconds(4)), ErrorSeverity.MEDIUM);

            fixture.time.advance(Duration.ofSeconds(5));
            Result first = fixture.finished().result();
            fixture.settle();
            int slots = RunnerState.freeSlots(fixture.manager);
            fixture.error("a", ErrorSeverity.MEDIUM);

            assertThat(first).isEqualTo(Result.ABANDONED);
            assertThat(slots).isEqualTo(10);
            assertThat(fixture.finished().result()).isEqualTo(Result.RECOVERED);
        }
    }

    @Test
    void abandonedStrategiesHoldAtMostHalfOfTheSlots() {
        TestStrategy strategy = TestStrategy.deaf("deaf", gate).timeout(Duration.ofSeconds(1));
        ErrorRecoveryConfig fourSlots = RecoveryFixture.config(4, 3, ErrorRecoveryConfig.OnExhausted.PARK);
        try (RecoveryFixture fixture = new RecoveryFixture(builder -> builder.config(fourSlots))) {
            fixture.manager.registerRecoveryStrategy("database", strategy);
            for (int i = 0; i < 4; i++) {
                fixture.error("component-" + i, ErrorSeverity.MEDIUM);
                strategy.awaitStart();
            }
            fixture.time.advance(Duration.ofSeconds(2));
            for (int i = 0; i < 4; i++) {
                assertThat(fixture.finished().result()).isEqualTo(Result.ABANDONED);
            }

            int freeWhileAbandoned = RunnerState.freeSlots(fixture.manager);
            fixture.manager.registerRecoveryStrategy("network", TestStrategy.recovering("quick"));
            fixture.error("network", "other", ErrorSeverity.MEDIUM);
            Result ofOther = fixture.finished().result();
            gate.release(4);

            assertThat(freeWhileAbandoned).isEqualTo(2);
            assertThat(ofOther).isEqualTo(Result.RECOVERED);
            RecoveryFixture.eventually(() -> RunnerState.freeSlots(fixture.manager) == 4);
        }
    }

    @Test
    void abandonsAStrategyWhoseTimeoutDoesNotReturn() {
        TestStrategy hanging = TestStrategy.recovering("hanging").timeout(() -> {
            started.release();
            gate.acquireUninterruptibly();
            return Duration.ofSeconds(1);
        });
        try (RecoveryFixture fixture = new RecoveryFixture()) {
            fixture.manager.registerRecoveryStrategy("database", hanging);
            fixture.error("a", ErrorSeverity.MEDIUM);
            RecoveryFixture.eventually(started::tryAcquire);

            fixture.time.advance(Duration.ofSeconds(30));
            fixture.time.advance(Duration.ofSeconds(1));
            RecoveryRecord recovery = fixture.finished();
            gate.release();

            assertThat(recovery.result()).isEqualTo(Result.ABANDONED);
            assertThat(recovery.strategy()).isEqualTo("hanging");
            assertThat(recovery.note()).isEqualTo("strategy 'hanging' does not return");
        }
    }

    @Test
    void aRestartMayExceedTheRecoveryTimeoutAndIsNeverInterrupted() {
        AtomicBoolean interrupted = new AtomicBoolean();
        try (RecoveryFixture fixture = new RecoveryFixture(builder -> builder.restarter(_ -> {
            started.release();
            try {
                gate.acquire();
            } catch (InterruptedException e) {
                interrupted.set(true);
                throw e;
            }
        }))) {
            fixture.error("a", ErrorSeverity.HIGH);
            RecoveryFixture.eventually(started::tryAcquire);
            fixture.time.advance(Duration.ofMinutes(9));
            String during = fixture.status("a");
            gate.release();

            assertThat(fixture.finished().result()).isEqualTo(Result.RECOVERED);
            assertThat(during).isEqualTo("recovering");
            assertThat(interrupted).isFalse();
        }
    }
}
