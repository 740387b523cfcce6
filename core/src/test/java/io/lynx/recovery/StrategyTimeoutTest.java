package io.lynx.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.recovery.RecoveryRecord.Result;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

class StrategyTimeoutTest {
    private final Semaphore gate = new Semaphore(0);

    @Test
    void interruptsAStrategyWhoseTimeIsOver() {
        TestStrategy strategy = TestStrategy.gated("slow", gate).timeout(Duration.ofSeconds(4));
        try (RecoveryFixture fixture = new RecoveryFixture()) {
            fixture.manager.registerRecoveryStrategy("database", strategy);
            fixture.error("a", ErrorSeverity.MEDIUM);
            strategy.awaitStart();

            fixture.time.advance(Duration.ofSeconds(4));
            RecoveryRecord recovery = fixture.finished();

            assertThat(recovery.result()).isEqualTo(Result.FAILED);
            assertThat(recovery.note())
                    .isEqualTo("java.util.concurrent.TimeoutException: strategy 'slow': not done after 4000ms");
            assertThat(fixture.manager.runner().freeSlots()).isEqualTo(10);
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
                ErrorRecoveryConfig.OnExhausted.PARK);
        TestStrategy strategy = TestStrategy.gated("greedy", gate).timeout(Duration.ofDays(1));
        try (RecoveryFixture fixture = new RecoveryFixture(builder -> builder.config(patient))) {
            fixture.manager.registerRecoveryStrategy("database", strategy);
            fixture.error("a", ErrorSeverity.MEDIUM);
            strategy.awaitStart();

            fixture.time.advance(Duration.ofSeconds(60));

            assertThat(fixture.finished().note()).endsWith("not done after 60000ms");
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

            assertThat(fixture.finished().note()).endsWith("strategy 'second': not done after 10000ms");
        }
    }

    @Test
    void abandonsAStrategyThatIgnoresItsInterruption() {
        TestStrategy strategy = TestStrategy.deaf("deaf", gate).timeout(Duration.ofSeconds(4));
        try (RecoveryFixture fixture = new RecoveryFixture()) {
            fixture.manager.registerRecoveryStrategy("database", strategy);
            fixture.error("a", ErrorSeverity.MEDIUM);
            strategy.awaitStart();

            fixture.time.advance(Duration.ofSeconds(5));
            RecoveryRecord recovery = fixture.finished();
            fixture.error("a", ErrorSeverity.HIGH);
            fixture.settle();

            assertThat(recovery.result()).isEqualTo(Result.ABANDONED);
            assertThat(fixture.status("a")).isEqualTo("quarantined");
            assertThat(fixture.manager.resetComponent("a")).isFalse();
            assertThat(fixture.manager.runner().freeSlots()).isEqualTo(9);
            assertThat(fixture.manager.errorStats().recoveryStats().abandoned()).isEqualTo(1);
            assertThat(fixture.manager.checkHealth().error())
                    .isEqualTo("component 'a': quarantined; a strategy does not end");
            assertThat(strategy.runs).hasValue(1);
            gate.release();
        }
    }

    @Test
    void strategyThatEndsAfterAllGivesItsSlotBack() {
        TestStrategy strategy = TestStrategy.deaf("deaf", gate).timeout(Duration.ofSeconds(4));
        try (RecoveryFixture fixture = new RecoveryFixture()) {
            fixture.manager.registerRecoveryStrategy("database", strategy);
            fixture.error("a", ErrorSeverity.MEDIUM);
            strategy.awaitStart();
            fixture.time.advance(Duration.ofSeconds(5));
            fixture.finished();

            gate.release(2);
            fixture.await(RecoveryEvent.ComponentReleased.class);
            fixture.error("a", ErrorSeverity.MEDIUM);
            RecoveryRecord next = fixture.finished();

            assertThat(next.result()).isEqualTo(Result.RECOVERED);
            assertThat(fixture.manager.runner().freeSlots()).isEqualTo(10);
        }
    }

    @Test
    void abandonedStrategiesKeepTheirSlotsFromOthers() {
        TestStrategy strategy = TestStrategy.deaf("deaf", gate).timeout(Duration.ofSeconds(1));
        ErrorRecoveryConfig twoSlots = RecoveryFixture.config(2, 3, ErrorRecoveryConfig.OnExhausted.PARK);
        try (RecoveryFixture fixture = new RecoveryFixture(builder -> builder.config(twoSlots))) {
            fixture.manager.registerRecoveryStrategy("database", strategy);
            for (int i = 0; i < 5; i++) {
                fixture.error("component-" + i, ErrorSeverity.MEDIUM);
            }
            strategy.awaitStart();
            strategy.awaitStart();

            fixture.time.advance(Duration.ofSeconds(2));
            fixture.finished();
            fixture.finished();
            fixture.settle();
            int runsWhileHeld = strategy.runs.get();
            gate.release(5);
            fixture.finished();
            fixture.finished();
            fixture.finished();

            assertThat(runsWhileHeld).isEqualTo(2);
            assertThat(strategy.runs).hasValue(5);
            RecoveryFixture.eventually(() -> fixture.manager.runner().freeSlots() == 2);
        }
    }
}
