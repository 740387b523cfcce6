package io.lynx.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.extension.Registration;
import io.lynx.health.Health;
import io.lynx.health.HealthCheckConfig;
import io.lynx.health.HealthCheckOptions;
import io.lynx.health.HealthMonitor;
import io.lynx.health.HealthStatus;
import io.lynx.recovery.Classification.Disposition;
import io.lynx.recovery.ErrorOrigin.Cause;
import io.lynx.recovery.ErrorStats.HealthReport;
import io.lynx.recovery.RecoveryEvent.ComponentQuarantined;
import io.lynx.recovery.RecoveryEvent.RecoveryFinished;
import io.lynx.recovery.RecoveryEvent.StrategyFinished;
import io.lynx.recovery.RecoveryRecord.Result;
import io.lynx.recovery.run.RunnerState;
import io.lynx.testkit.Await;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What is done about a health check that fails. */
class FailedCheckTest {
    private static final Classification REPORTED = Classification.of(
                    ErrorCategory.PLUGIN, ErrorSeverity.MEDIUM, Disposition.UNKNOWN)
            .withErrorType("health_check");

    /** After each step of the manual time, so that the threads of recoveries keep up with it. */
    private static final Duration PAUSE = Duration.ofMillis(5);

    private final AtomicInteger restarts = new AtomicInteger();
    private final AtomicReference<Callable<Health>> check =
            new AtomicReference<>(() -> Health.down("it does not work"));
    private final AtomicReference<@Nullable HealthMonitor> monitor = new AtomicReference<>();
    private volatile boolean restartHelps;

    @AutoClose
    private final RecoveryFixture fixture = new RecoveryFixture(builder -> {
        // Not started before the clock of the fixture is there.
        HealthMonitor made = HealthMonitor.builder(
                        HealthCheckConfig.defaults(), this::after, () -> time().nanos(), Runnable::run)
                .build();
        monitor.set(made);
        return builder.health(made).restarter(_ -> {
            restarts.incrementAndGet();
            if (restartHelps) {
                check.set(Health::up);
            }
        });
    });

    private final ErrorRecoveryManager manager = fixture.manager;

    private io.lynx.testkit.ManualTime time() {
        return fixture.time;
    }

    private io.lynx.time.Scheduler.Scheduled after(Duration delay, Runnable task) {
        return time().after(delay, task);
    }

    private Registration dbCheck = Registration.NONE;

    private HealthMonitor started() {
        HealthMonitor health = java.util.Objects.requireNonNull(monitor.get());
        health.start();
        dbCheck = health.register(
                "db", "db", HealthCheckOptions.defaults(), () -> check.get().call());
        health.enter(io.lynx.health.HealthSnapshot.Phase.SERVING);
        time().advance(Duration.ZERO);
        return health;
    }

    private void outside() {
        manager.recordError(ErrorReport.builder("db")
                .origin(ErrorOrigin.check("db", Cause.EXTERNAL))
                .throwable(new SQLTransientConnectionException("away", "08001"))
                .build());
    }

    private void reported() {
        manager.recordError(ErrorReport.builder("db")
                .origin(ErrorOrigin.check("db", Cause.INTERNAL))
                .message("it does not work")
                .classification(REPORTED)
                .build());
    }

    /** Moves the time on until there is such an event. */
    private <T extends RecoveryEvent> T advanceUntil(Class<T> type) {
        AtomicReference<@Nullable T> found = new AtomicReference<>();
        Await.until("there is a " + type.getSimpleName(), Await.PATIENCE, PAUSE, () -> {
            for (RecoveryEvent event = fixture.events.poll(); event != null; event = fixture.events.poll()) {
                if (type.isInstance(event)) {
                    found.set(type.cast(event));
                    return true;
                }
            }
            advanceOnceSettled();
            return false;
        });
        return java.util.Objects.requireNonNull(found.get());
    }

    @Test
    void anExternalFailureIsProbedAgainAndNeverCausesARestart() {
        HealthMonitor _ = started();
        for (int i = 0; i < 10; i++) {
            outside();

            assertThat(advanceUntil(RecoveryFinished.class).recovery())
                    .returns(Result.SKIPPED, RecoveryRecord::result)
                    .returns("probe", RecoveryRecord::strategy);
            time().advance(RecoveryFixture.COOL_DOWN);
        }

        assertThat(restarts).hasValue(0);
        assertThat(fixture.status("db")).isNotEqualTo("parked");
        assertThat(manager.checkHealth().status()).isEqualTo(HealthStatus.UP);
    }

    @Test
    void recoversWhenTheCheckPassesAgain() {
        HealthMonitor health = started();
        outside();
        time().advance(Duration.ofMillis(200));
        check.set(() -> Health.degraded("slow"));

        assertThat(advanceUntil(RecoveryFinished.class).recovery().result()).isEqualTo(Result.RECOVERED);
        assertThat(manager.recentErrors(1)).allMatch(ErrorRecord::recovered);
        assertThat(health.snapshot().check("db").orElseThrow().status()).isEqualTo(HealthStatus.DEGRADED);
    }

    @Test
    void anOutageOpensNoRecoveryBreaker() {
        HealthMonitor _ = started();
        manager.registerRecoveryStrategy("db", "database", TestStrategy.failing("reconnect"));
        for (int i = 0; i < 10; i++) {
            outside();
            assertThat(advanceUntil(RecoveryFinished.class).recovery().result()).isEqualTo(Result.FAILED);
            time().advance(RecoveryFixture.COOL_DOWN);
        }

        assertThat(manager.breakers().get("database").state()).isEqualTo(io.lynx.resilience.CircuitBreakerState.CLOSED);
    }

    @Test
    void aFailedPluginIsRestartedAtOnceWhateverTheCause() {
        HealthMonitor _ = started();
        restartHelps = true;

        manager.recordError(ErrorReport.builder("db")
                .origin(ErrorOrigin.check("db", Cause.NOT_RUNNING))
                .throwable(new SQLTransientConnectionException("away", "08001"))
                .build());

        assertThat(advanceUntil(StrategyFinished.class).strategy())
                .as("the first, before anybody asks the check")
                .isEqualTo("restart");
        assertThat(advanceUntil(RecoveryFinished.class).recovery())
                .returns(Result.RECOVERED, RecoveryRecord::result)
                .returns("restart", RecoveryRecord::strategy);
    }

    @Test
    void anUnclassifiedFailureCausesARestartOnceProbingDidNotHelp() {
        HealthMonitor _ = started();
        restartHelps = true;

        reported();

        assertThat(advanceUntil(RecoveryFinished.class).recovery())
                .returns(Result.RECOVERED, RecoveryRecord::result)
                .returns("restart", RecoveryRecord::strategy);
        assertThat(restarts).hasValue(1);
    }

    @Test
    void aDownWithoutAnExceptionOfAnExternalCheckRestartsNothing() {
        HealthMonitor _ = started();
        manager.recordError(ErrorReport.builder("db")
                .origin(ErrorOrigin.check("db", Cause.EXTERNAL))
                .message("it does not work")
                .classification(REPORTED)
                .build());

        assertThat(advanceUntil(RecoveryFinished.class).recovery())
                .returns(Result.SKIPPED, RecoveryRecord::result)
                .returns("probe", RecoveryRecord::strategy);
        assertThat(restarts).hasValue(0);
    }

    @Test
    void aMediumErrorOfThePluginProbesItsCheckAndRestartsNothingIfThatPasses() {
        HealthMonitor _ = started();
        check.set(Health::up);

        fixture.error("db", ErrorSeverity.MEDIUM);

        assertThat(advanceUntil(RecoveryFinished.class).recovery())
                .returns(Result.RECOVERED, RecoveryRecord::result)
                .returns("probe", RecoveryRecord::strategy);
        assertThat(restarts).hasValue(0);
    }

    @Test
    void aMediumErrorOfThePluginRestartsNothingWhileTheCauseIsExternal() {
        HealthMonitor _ = started();

        fixture.error("db", ErrorSeverity.MEDIUM);

        assertThat(advanceUntil(RecoveryFinished.class).recovery().result()).isEqualTo(Result.SKIPPED);
        assertThat(restarts).hasValue(0);
    }

    @Test
    void aRestartDuringAnExternalOutageIsDegradedAndNotRepeated() {
        HealthMonitor _ = started();

        fixture.error("db", ErrorSeverity.HIGH);

        assertThat(advanceUntil(RecoveryFinished.class).recovery())
                .returns(Result.DEGRADED, RecoveryRecord::result)
                .returns("the health check reports DOWN: it does not work", RecoveryRecord::note);
        assertThat(restarts).hasValue(1);
    }

    @Test
    void restartsThatDoNotHelpEndInQuarantine() {
        HealthMonitor _ = started();

        reported();

        ComponentQuarantined quarantined = advanceUntil(ComponentQuarantined.class);
        assertThat(quarantined.reason()).isEqualTo("3 restarts within 300s did not help");
        assertThat(quarantined.nextAttempt()).contains(Duration.ofMinutes(1));
        assertThat(restarts).hasValue(3);
        reported();
        time().advance(Duration.ofSeconds(30));
        assertThat(restarts).hasValue(3);
    }

    @Test
    void aPassingCheckPutsAComponentThatItQuarantinedOnProbation() {
        HealthMonitor _ = started();
        reported();
        ComponentQuarantined _ = advanceUntil(ComponentQuarantined.class);
        check.set(Health::up);

        manager.checkHealed("db", "db");

        assertThat(manager.isParked("db")).isFalse();
        assertThat(fixture.status("db")).isEqualTo("recovering");
        assertThat(manager.recentErrors(10)).isNotEmpty().allMatch(ErrorRecord::recovered);
        check.set(() -> Health.down("again"));
        reported();
        advanceUntilParked();
        assertThat(restarts).hasValue(3);
    }

    private void advanceUntilParked() {
        Await.until("the component is quarantined", Await.PATIENCE, PAUSE, () -> {
            advanceOnceSettled();
            return manager.isParked("db");
        });
    }

    /** Does not move the time while strategies are selected, which has a limit of its own. */
    private void advanceOnceSettled() {
        if (RunnerState.isSettled(manager)) {
            time().advance(Duration.ofMillis(100));
        }
    }

    @Test
    void aPassingCheckDoesNotEndAQuarantineOfAnotherCause() {
        HealthMonitor _ = started();
        manager.registerComponent("other", ComponentRecovery.builder().build());
        for (int i = 0; i < 4; i++) {
            fixture.error("other", ErrorSeverity.HIGH);
            fixture.finished();
            time().advance(RecoveryFixture.COOL_DOWN);
        }

        manager.checkHealed("other", "other");
        manager.checkHealed("nobody", "nothing");

        assertThat(manager.isParked("other")).isTrue();
    }

    @Test
    void aCriticalExternalFailureQuarantinesNothing() {
        HealthMonitor _ = started();
        Classification critical =
                Classification.of(ErrorCategory.NETWORK, ErrorSeverity.CRITICAL, Disposition.TRANSIENT);

        manager.recordError(ErrorReport.builder("db")
                .origin(ErrorOrigin.check("db", Cause.EXTERNAL))
                .message("away")
                .classification(critical)
                .build());

        assertThat(advanceUntil(RecoveryFinished.class).recovery().result()).isEqualTo(Result.SKIPPED);
        assertThat(fixture.status("db")).isNotEqualTo("parked");
    }

    @Test
    void aFailedCheckAffectsHealthOnlyAsACheck() {
        HealthMonitor health = started();
        health.register(
                "news",
                "news",
                HealthCheckOptions.defaults().withCriticality(HealthCheckOptions.Criticality.DEGRADING),
                () -> Health.down("no feed"));
        time().advance(Duration.ZERO);
        for (int i = 0; i < 100; i++) {
            outside();
        }

        HealthReport report = manager.healthReport();

        assertThat(report.status()).isEqualTo(HealthStatus.DOWN);
        assertThat(report.reasons())
                .contains("health check 'db': DOWN; it does not work", "health check 'news': DOWN; no feed")
                .noneMatch(reason -> reason.startsWith("error type"));
        assertThat(report.errorStats().errorCounts()).containsEntry("database", 100L);
        assertThat(manager.checkHealth().status()).isNotEqualTo(HealthStatus.DOWN);
        assertThat(manager.isHealthy()).isFalse();
    }

    @Test
    void theReasonOfACheckThatThrowsIsMasked() {
        HealthMonitor health = started();
        health.register("news", "news", HealthCheckOptions.defaults(), () -> {
            throw new IllegalStateException("cannot log in with password=hunter2");
        });
        time().advance(Duration.ZERO);

        HealthReport report = manager.healthReport();

        assertThat(report.reasons())
                .contains("health check 'news': DOWN; IllegalStateException: cannot log in with password=***");
        assertThat(report.toMap().toString()).doesNotContain("hunter2");
    }

    @Test
    void aRemovedCheckIsNotUsedAsAProbe() {
        HealthMonitor _ = started();
        dbCheck.close();

        outside();
        fixture.settle();

        assertThat(manager.errorStats().recoveryStats().skipped()).isEqualTo(1);
    }
}
