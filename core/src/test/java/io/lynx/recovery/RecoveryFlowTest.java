package io.lynx.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.context.RequestContext;
import io.lynx.context.RequestScope;
import io.lynx.context.SpanRecorder;
import io.lynx.context.SpanRecorder.EndedSpan;
import io.lynx.context.Tracing;
import io.lynx.extension.Registration;
import io.lynx.health.Health;
import io.lynx.recovery.RecoveryRecord.Result;
import io.lynx.recovery.run.RunnerState;
import io.lynx.testkit.ManualTime;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

class RecoveryFlowTest {
    @Test
    void aStrategyRunsInAContextOfTheRecovery() {
        try (RecoveryFixture fixture = new RecoveryFixture()) {
            List<RequestContext> seen = new CopyOnWriteArrayList<>();
            fixture.manager.registerRecoveryStrategy("database", new TestStrategy("looks", context -> {
                seen.add(RequestContext.current());
                return RecoveryOutcome.recovered();
            }));

            RequestScope.of("r-1", null).run(() -> fixture.error("a", ErrorSeverity.MEDIUM));
            ErrorRecord error = fixture.manager.recentErrors(1).getFirst();
            RecoveryRecord _ = fixture.finished();

            assertThat(error.requestId()).isEqualTo("r-1");
            assertThat(seen).hasSize(1);
            assertThat(seen.getFirst().requestId()).isEqualTo("recovery-" + error.id());
            assertThat(seen.getFirst().deadline()).isPresent();
        }
    }

    @Test
    void eachRecoveryIsASpanWithItsVerdict() {
        ManualTime clock = new ManualTime();
        Tracing tracing = new Tracing(clock, clock);
        SpanRecorder recorder = new SpanRecorder();
        Registration _ = tracing.install(recorder);
        try (RecoveryFixture fixture = new RecoveryFixture(builder -> builder.tracing(tracing))) {
            fixture.manager.registerRecoveryStrategy("database", new TestStrategy("fails", _ -> {
                throw new IllegalStateException("in a test");
            }));
            fixture.manager.registerRecoveryStrategy("network", TestStrategy.recovering("helps"));

            fixture.error("database", "a", ErrorSeverity.MEDIUM);
            RecoveryRecord _ = fixture.finished();
            List<EndedSpan> _ = recorder.await(1);
            fixture.error("network", "b", ErrorSeverity.MEDIUM);
            RecoveryRecord _ = fixture.finished();
            List<EndedSpan> spans = recorder.await(2);

            assertThat(spans).extracting(EndedSpan::name).containsExactly("recover a", "recover b");
            assertThat(spans.getFirst().error()).isNotEmpty();
            assertThat(spans.getLast().error()).isEmpty();
        }
    }

    @Test
    void mostSpecificStrategiesRunFirst() {
        try (RecoveryFixture fixture = new RecoveryFixture()) {
            TestStrategy category = TestStrategy.recovering("by-category");
            TestStrategy type = TestStrategy.recovering("by-type");
            TestStrategy component = TestStrategy.recovering("by-component");
            fixture.manager.registerRecoveryStrategy(ErrorCategory.DATABASE, category);

            fixture.error("a", ErrorSeverity.MEDIUM);
            String first = fixture.finished().strategy();
            fixture.manager.registerRecoveryStrategy("database", type);
            fixture.error("b", ErrorSeverity.MEDIUM);
            String second = fixture.finished().strategy();
            fixture.manager.registerRecoveryStrategy("c", "database", component);
            fixture.error("c", ErrorSeverity.MEDIUM);
            String third = fixture.finished().strategy();

            assertThat(List.of(String.valueOf(first), String.valueOf(second), String.valueOf(third)))
                    .containsExactly("by-category", "by-type", "by-component");
        }
    }

    @Test
    void mediumErrorRetriesAndRestartsNothingWithoutEvidence() {
        List<String> order = new CopyOnWriteArrayList<>();
        try (RecoveryFixture fixture =
                new RecoveryFixture(builder -> builder.restarter(component -> order.add("restart " + component)))) {
            fixture.manager.registerComponent(
                    "a",
                    ComponentRecovery.builder()
                            .retry(_ -> {
                                order.add("retry");
                                throw new IllegalStateException("still broken");
                            })
                            .build());
            fixture.error("a", ErrorSeverity.MEDIUM);
            for (int attempt = 1; attempt < 3; attempt++) {
                int seen = attempt;
                RecoveryFixture.eventually(() -> order.size() == seen && fixture.time.pending() == 2);
                fixture.time.advance(java.time.Duration.ofMillis(100L * attempt));
            }

            RecoveryRecord recovery = fixture.finished();

            assertThat(order).containsExactly("retry", "retry", "retry");
            assertThat(recovery.result()).isEqualTo(Result.FAILED);
            assertThat(recovery.strategy()).isEqualTo("retry");
        }
    }

    @Test
    void highErrorRestartsThenFallsBack() {
        List<String> order = new CopyOnWriteArrayList<>();
        try (RecoveryFixture fixture = new RecoveryFixture(builder -> builder.restarter(_ -> {
            order.add("restart");
            throw new IllegalStateException("does not start");
        }))) {
            fixture.manager.registerComponent(
                    "a",
                    ComponentRecovery.builder()
                            .retry(_ -> order.add("retry"))
                            .fallback(_ -> order.add("fallback"))
                            .build());

            fixture.error("a", ErrorSeverity.HIGH);
            RecoveryRecord recovery = fixture.finished();

            assertThat(order).containsExactly("restart", "fallback");
            assertThat(recovery.result()).isEqualTo(Result.DEGRADED);
            assertThat(fixture.status("a")).isEqualTo("degraded");
        }
    }

    @Test
    void criticalErrorReachesTheFallback() {
        try (RecoveryFixture fixture = new RecoveryFixture()) {
            fixture.manager.registerComponent(
                    "a", ComponentRecovery.builder().fallback(_ -> {}).build());

            fixture.error("a", ErrorSeverity.CRITICAL);

            assertThat(fixture.finished().strategy()).isEqualTo("fallback");
            assertThat(fixture.manager.isHealthy()).isTrue();
            assertThat(fixture.manager.checkHealth().error()).isEqualTo("component 'a': fallback active");
        }
    }

    @Test
    void nothingToDoIsSkippedAndNeverRecovered() {
        try (RecoveryFixture fixture = new RecoveryFixture()) {
            fixture.error("a", ErrorSeverity.MEDIUM);
            fixture.settle();

            ErrorStats stats = fixture.manager.errorStats();
            assertThat(stats.recoveryStats()).isEqualTo(new ErrorStats.RecoveryStats(0, 0, 1, 0, 0));
            assertThat(stats.recentErrors().getFirst().recovered()).isFalse();
        }
    }

    @Test
    void strategyThatSkipsDoesNotCountAsARecovery() {
        try (RecoveryFixture fixture = new RecoveryFixture()) {
            fixture.manager.registerRecoveryStrategy(
                    "database", new TestStrategy("idle", _ -> RecoveryOutcome.skipped("nothing to do")));

            fixture.error("a", ErrorSeverity.MEDIUM);

            assertThat(fixture.finished().result()).isEqualTo(Result.SKIPPED);
            assertThat(fixture.manager.errorStats().recoveryStats().skipped()).isEqualTo(1);
        }
    }

    @Test
    void aComponentWhoseRecoveryFailedIsShownAsFailed() {
        try (RecoveryFixture fixture = new RecoveryFixture()) {
            fixture.manager.registerRecoveryStrategy("database", TestStrategy.failing("broken"));

            fixture.error("a", ErrorSeverity.MEDIUM);
            Result result = fixture.finished().result();

            assertThat(result).isEqualTo(Result.FAILED);
            assertThat(fixture.status("a")).isEqualTo("failed");
            assertThat(fixture.manager.recentErrors(1).getFirst().recovered()).isFalse();
        }
    }

    @Test
    void aComponentThatIsNotRunningIsShownAsFailed() {
        try (RecoveryFixture fixture = new RecoveryFixture(builder -> builder.restarter(new Restarter() {
            @Override
            public void restart(String component) {}

            @Override
            public boolean isRunning(String component) {
                return false;
            }
        }))) {
            fixture.error("a", ErrorSeverity.LOW);
            fixture.settle();

            assertThat(fixture.status("a")).isEqualTo("failed");
        }
    }

    @Test
    void aRecoveryMarksOnlyItsOwnErrors() {
        try (RecoveryFixture fixture = new RecoveryFixture()) {
            fixture.manager.registerRecoveryStrategy("database", TestStrategy.recovering("quick"));
            fixture.error("disk", "a", ErrorSeverity.LOW);
            fixture.error("disk", "b", ErrorSeverity.LOW);
            fixture.settle();
            fixture.time.advance(RecoveryFixture.COOL_DOWN);

            fixture.error("database", "a", ErrorSeverity.MEDIUM);
            Result result = fixture.finished().result();

            assertThat(result).isEqualTo(Result.RECOVERED);
            assertThat(fixture.manager.recentErrors(10))
                    .filteredOn(ErrorRecord::recovered)
                    .singleElement()
                    .returns("a", ErrorRecord::component)
                    .returns("database", ErrorRecord::errorType);
        }
    }

    @Test
    void probeOverridesASuccessThatAStrategyWronglyReports() {
        try (RecoveryFixture fixture = new RecoveryFixture()) {
            fixture.manager.registerComponent(
                    "a",
                    ComponentRecovery.builder()
                            .probe(() -> Health.down("no route"))
                            .build());
            fixture.manager.registerRecoveryStrategy("database", TestStrategy.recovering("liar"));

            fixture.error("a", ErrorSeverity.MEDIUM);
            RecoveryRecord recovery = fixture.finished();

            assertThat(recovery.result()).isEqualTo(Result.FAILED);
            assertThat(recovery.note())
                    .isEqualTo("java.lang.IllegalStateException: component 'a': strategy 'liar' reported a"
                            + " recovery, but the health check reports DOWN: no route");
            assertThat(fixture.manager.recentErrors(1).getFirst().recovered()).isFalse();
        }
    }

    @Test
    void failureThatCannotBeRetriedLeavesOnlyFallbackAndDegrade() {
        List<String> order = new CopyOnWriteArrayList<>();
        try (RecoveryFixture fixture = new RecoveryFixture(builder -> builder.restarter(_ -> order.add("restart")))) {
            fixture.manager.registerComponent(
                    "a",
                    ComponentRecovery.builder()
                            .fallback(_ -> order.add("fallback"))
                            .build());
            fixture.manager.registerRecoveryStrategy(
                    "database",
                    new TestStrategy(
                            "hopeless", _ -> new RecoveryOutcome.Failed(new IllegalStateException("gone"), false)));

            fixture.error("a", ErrorSeverity.HIGH);
            fixture.finished();

            assertThat(order).containsExactly("fallback");
        }
    }

    @Test
    void validationSecurityAndCancellationAreNeverRestarted() {
        List<String> restarted = new CopyOnWriteArrayList<>();
        try (RecoveryFixture fixture =
                new RecoveryFixture(builder -> builder.restarter(component -> restarted.add(component)))) {
            fixture.error("validation", "a", ErrorSeverity.HIGH);
            fixture.error("security", "b", ErrorSeverity.HIGH);
            fixture.manager.recordError("c", new java.util.concurrent.CancellationException());
            fixture.error("database", "d", ErrorSeverity.HIGH);
            fixture.finished();
            fixture.settle();

            assertThat(restarted).containsExactly("d");
            assertThat(fixture.manager.errorStats().recoveryStats().skipped()).isEqualTo(3);
        }
    }

    @Test
    void arrivalsDuringARecoveryCoalesce() {
        Semaphore gate = new Semaphore(0);
        TestStrategy strategy = TestStrategy.gated("gated", gate);
        try (RecoveryFixture fixture = new RecoveryFixture()) {
            fixture.startRecovery(strategy, ErrorSeverity.MEDIUM);

            for (int i = 0; i < 5; i++) {
                fixture.error("a", ErrorSeverity.MEDIUM);
            }
            gate.release(10);
            fixture.finished();
            fixture.time.advance(RecoveryFixture.COOL_DOWN);
            fixture.settle();

            assertThat(strategy.runs).hasValue(1);
            assertThat(RunnerState.coalesced(fixture.manager, "a")).isEqualTo(5);
            assertThat(fixture.manager.recentErrors(10)).hasSize(6).allMatch(ErrorRecord::recovered);
        }
    }

    @Test
    void worseErrorsDuringARecoveryCauseOneRerun() {
        Semaphore gate = new Semaphore(0);
        TestStrategy strategy = TestStrategy.gated("gated", gate);
        try (RecoveryFixture fixture = new RecoveryFixture()) {
            fixture.startRecovery(strategy, ErrorSeverity.LOW);

            fixture.error("a", ErrorSeverity.HIGH);
            fixture.error("a", ErrorSeverity.MEDIUM);
            fixture.error("a", ErrorSeverity.HIGH);
            gate.release(10);
            RecoveryRecord first = fixture.finished();
            RecoveryRecord second = fixture.finished();
            fixture.time.advance(RecoveryFixture.COOL_DOWN);
            fixture.settle();

            assertThat(first.severity()).isEqualTo(ErrorSeverity.LOW);
            assertThat(second.severity()).isEqualTo(ErrorSeverity.HIGH);
            assertThat(strategy.runs).hasValue(2);
        }
    }

    @Test
    void errorsOfDifferentComponentsDoNotHideEachOther() {
        TestStrategy strategy = TestStrategy.recovering("quick");
        try (RecoveryFixture fixture = new RecoveryFixture()) {
            fixture.manager.registerRecoveryStrategy("database", strategy);

            for (int i = 0; i < 50; i++) {
                fixture.error("component-" + i, ErrorSeverity.MEDIUM);
            }
            for (int i = 0; i < 50; i++) {
                fixture.finished();
            }

            assertThat(strategy.runs).hasValue(50);
            assertThat(fixture.manager.recentRecoveries(100))
                    .extracting(RecoveryRecord::component)
                    .doesNotHaveDuplicates()
                    .hasSize(50);
        }
    }

    @Test
    void errorInTheCoolDownIsRecoveredAfterIt() {
        TestStrategy strategy = TestStrategy.recovering("quick");
        try (RecoveryFixture fixture = new RecoveryFixture()) {
            fixture.manager.registerRecoveryStrategy("database", strategy);
            fixture.error("a", ErrorSeverity.MEDIUM);
            fixture.finished();

            fixture.error("a", ErrorSeverity.MEDIUM);
            fixture.settle();
            int runsInCoolDown = strategy.runs.get();
            fixture.time.advance(RecoveryFixture.COOL_DOWN);
            fixture.finished();

            assertThat(runsInCoolDown).isEqualTo(1);
            assertThat(strategy.runs).hasValue(2);
        }
    }

    @Test
    void disabledRecoveryStillRecords() {
        ErrorRecoveryConfig defaults = ErrorRecoveryConfig.defaults();
        ErrorRecoveryConfig disabled = new ErrorRecoveryConfig(
                false,
                defaults.maxErrorHistory(),
                defaults.maxRecoveryHistory(),
                defaults.errorThreshold(),
                defaults.errorWindow(),
                defaults.recoveryTimeout(),
                defaults.maxConcurrentRecoveries(),
                defaults.maxRestarts(),
                defaults.restartWindow(),
                defaults.onExhausted(),
                defaults.quarantineInitial(),
                defaults.quarantineMax());
        TestStrategy strategy = TestStrategy.recovering("quick");
        try (RecoveryFixture fixture = new RecoveryFixture(builder -> builder.config(disabled))) {
            fixture.manager.registerRecoveryStrategy("database", strategy);

            fixture.error("a", ErrorSeverity.MEDIUM);
            fixture.settle();

            assertThat(strategy.runs).hasValue(0);
            assertThat(fixture.manager.recentErrors(10)).hasSize(1);
        }
    }
}
