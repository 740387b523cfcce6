package io.lynx.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.recovery.ErrorRecoveryConfig.OnExhausted;
import io.lynx.recovery.RecoveryRecord.Result;
import io.lynx.recovery.run.RunnerState;
import io.lynx.resilience.CircuitBreakerConfig;
import io.lynx.resilience.CircuitBreakerSnapshot;
import io.lynx.resilience.CircuitBreakerState;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AdmissionTest {
    private static CircuitBreakerSnapshot breaker(RecoveryFixture fixture) {
        return java.util.Objects.requireNonNull(
                fixture.manager.errorStats().circuitBreakerStates().get("database"));
    }

    private static RecoveryFixture oneSlot() {
        return new RecoveryFixture(builder -> builder.config(RecoveryFixture.config(1, 3, OnExhausted.PARK)));
    }

    @Test
    void recoveriesBeyondTheSlotsWait() {
        Semaphore gate = new Semaphore(0);
        TestStrategy strategy = TestStrategy.gated("gated", gate);
        try (RecoveryFixture fixture = oneSlot()) {
            fixture.startRecovery(strategy, ErrorSeverity.LOW);

            fixture.error("b", ErrorSeverity.LOW);
            fixture.error("c", ErrorSeverity.LOW);
            fixture.error("d", ErrorSeverity.HIGH);
            fixture.settle();
            int runsWhileFull = strategy.runs.get();
            gate.release(4);
            fixture.finished();
            String second = fixture.finished().component();
            fixture.finished();
            fixture.finished();

            assertThat(runsWhileFull).isEqualTo(1);
            assertThat(second).as("the worst goes first").isEqualTo("d");
            assertThat(strategy.runs).hasValue(4);
        }
    }

    @Test
    void budgetDelaysAWaveOfRecoveriesAndLosesNone() {
        TestStrategy strategy = TestStrategy.recovering("quick");
        try (RecoveryFixture fixture = oneSlot()) {
            fixture.manager.registerRecoveryStrategy("database", strategy);
            for (int i = 0; i < 12; i++) {
                fixture.error("component-" + i, ErrorSeverity.MEDIUM);
            }
            for (int i = 0; i < 10; i++) {
                fixture.finished();
            }
            fixture.settle();
            int runsOnBudget = strategy.runs.get();

            fixture.time.advance(Duration.ofSeconds(7));
            fixture.finished();
            fixture.settle();
            fixture.time.advance(Duration.ofSeconds(7));
            fixture.finished();

            assertThat(runsOnBudget).isEqualTo(10);
            assertThat(strategy.runs).hasValue(12);
        }
    }

    @Test
    void failedRecoveriesOpenTheBreakerWhichThenRejects() {
        TestStrategy strategy = TestStrategy.failing("hopeless");
        try (RecoveryFixture fixture = new RecoveryFixture()) {
            fixture.manager.registerRecoveryStrategy("database", strategy);
            for (int i = 0; i < 5; i++) {
                fixture.error("component-" + i, ErrorSeverity.MEDIUM);
                fixture.finished();
            }

            fixture.error("a", ErrorSeverity.MEDIUM);
            RecoveryRecord refused = fixture.finished();
            fixture.manager.registerRecoveryStrategy("database", TestStrategy.recovering("another"));

            assertThat(refused.result()).isEqualTo(Result.REFUSED);
            assertThat(refused.note()).isEqualTo("the recovery breaker is open");
            assertThat(breaker(fixture).state()).isEqualTo(CircuitBreakerState.OPEN);
            assertThat(strategy.runs).hasValue(5);
            assertThat(fixture.manager.isHealthy()).isFalse();
            assertThat(RunnerState.freeSlots(fixture.manager)).isEqualTo(10);
        }
    }

    @Test
    void breakerAcceptsRecoveriesAgain() {
        TestStrategy hopeless = TestStrategy.failing("strategy");
        try (RecoveryFixture fixture = new RecoveryFixture()) {
            fixture.manager.registerRecoveryStrategy("database", hopeless);
            for (int i = 0; i < 5; i++) {
                fixture.error("component-" + i, ErrorSeverity.MEDIUM);
                fixture.finished();
            }
            fixture.manager.registerRecoveryStrategy("database", TestStrategy.recovering("strategy"));
            fixture.time.advance(Duration.ofSeconds(60));
            for (int i = 0; i < 3; i++) {
                fixture.error("component-" + i, ErrorSeverity.MEDIUM);
                assertThat(fixture.finished().result()).isEqualTo(Result.RECOVERED);
            }

            assertThat(breaker(fixture).state()).isEqualTo(CircuitBreakerState.CLOSED);
        }
    }

    /** With one probe at a time, a permit that stayed behind would refuse every later recovery. */
    @Test
    void everyOutcomeOfAProbeReturnsItsPermit() {
        CircuitBreakerConfig oneProbe = CircuitBreakerConfig.builder()
                .threshold(1)
                .halfOpenLimit(1)
                .timeout(Duration.ofSeconds(5))
                .halfOpenMaxWait(Duration.ofDays(1))
                .build();
        Semaphore gate = new Semaphore(0);
        TestStrategy.Body[] bodies = {
            _ -> RecoveryOutcome.failed(new IllegalStateException("broken")),
            _ -> RecoveryOutcome.skipped("nothing"),
            _ -> RecoveryOutcome.degraded("less"),
            _ -> {
                throw new InterruptedException("on its own");
            },
            _ -> {
                throw new IllegalStateException("broken");
            },
            _ -> {
                gate.acquireUninterruptibly();
                return RecoveryOutcome.recovered();
            }
        };
        try (RecoveryFixture fixture = new RecoveryFixture(builder -> builder.circuitBreaker(oneProbe))) {
            fixture.manager.registerRecoveryStrategy("database", TestStrategy.failing("strategy"));
            fixture.error("first", ErrorSeverity.MEDIUM);
            fixture.finished();
            int number = 0;
            for (TestStrategy.Body body : bodies) {
                TestStrategy strategy = new TestStrategy("strategy", body);
                fixture.manager.registerRecoveryStrategy("database", strategy);
                fixture.time.advance(Duration.ofSeconds(5));
                fixture.error("component-" + number++, ErrorSeverity.MEDIUM);
                strategy.awaitStart();
                if (number == bodies.length) {
                    fixture.time.advance(Duration.ofSeconds(11));
                }
                fixture.finished();
            }
            fixture.manager.registerRecoveryStrategy("database", TestStrategy.recovering("strategy"));
            fixture.time.advance(Duration.ofSeconds(5));
            fixture.error("last", ErrorSeverity.MEDIUM);

            assertThat(fixture.finished().result()).isEqualTo(Result.RECOVERED);
            assertThat(breaker(fixture).probesInFlight()).isZero();
            assertThat(breaker(fixture).state()).isEqualTo(CircuitBreakerState.CLOSED);
            assertThat(RunnerState.freeSlots(fixture.manager)).isEqualTo(9);
            gate.release();
            RecoveryFixture.eventually(() -> RunnerState.freeSlots(fixture.manager) == 10);
        }
    }

    static Stream<Throwable> refusals() {
        return Stream.of(new IllegalStateException("no thread today"), new NoClassDefFoundError("com/example/Missing"));
    }

    private static void refuse(Throwable refusal) {
        if (refusal instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) refusal;
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void threadsThatAreRefusedLoseNoSlot(Throwable refusal) {
        Semaphore refusing = new Semaphore(1);
        try (RecoveryFixture fixture = new RecoveryFixture(builder -> builder.threads(task -> {
            if (task.getClass().getSimpleName().equals("RecoveryRun") && refusing.tryAcquire()) {
                refuse(refusal);
            }
            return Thread.ofVirtual().unstarted(task);
        }))) {
            fixture.manager.registerRecoveryStrategy("database", TestStrategy.recovering("quick"));

            fixture.error("a", ErrorSeverity.MEDIUM);
            Result without = fixture.finished().result();
            fixture.time.advance(RecoveryFixture.COOL_DOWN);
            fixture.error("a", ErrorSeverity.MEDIUM);
            Result with = fixture.finished().result();

            assertThat(without).isEqualTo(Result.SKIPPED);
            assertThat(with).isEqualTo(Result.RECOVERED);
            assertThat(RunnerState.freeSlots(fixture.manager)).isEqualTo(10);
        }
    }
}
