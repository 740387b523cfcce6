package io.lynx.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.extension.Registration;
import io.lynx.health.CheckReport;
import io.lynx.health.Health;
import io.lynx.health.HealthCheckOptions.Criticality;
import io.lynx.health.HealthCheckOptions.Group;
import io.lynx.health.HealthEvent.CheckRan;
import io.lynx.health.HealthEvent.Outcome;
import io.lynx.health.HealthStatus;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.plugin.PluginState;
import io.lynx.plugin.PluginStatus;
import io.lynx.recovery.Classification.Disposition;
import io.lynx.recovery.ErrorCategory;
import io.lynx.recovery.ErrorOrigin;
import io.lynx.recovery.ErrorRecord;
import io.lynx.recovery.ErrorRecoveryManager;
import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.CircuitBreakerConfig;
import io.lynx.resilience.CircuitBreakerState;
import io.lynx.resilience.CircuitBreakers;
import io.lynx.resilience.Permit;
import io.lynx.testkit.ManualTime;
import java.io.IOException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which runs of which checks are errors, and of what kind. */
class CheckRecoveryTest {
    private final ManualTime time = new ManualTime();

    @AutoClose
    private final ErrorRecoveryManager manager = ErrorRecoveryManager.builder()
            .ticker(time)
            .clock(time)
            .scheduler(time)
            .build();

    private final CircuitBreakers breakers = CircuitBreakers.builder(CircuitBreakerConfig.defaults())
            .ticker(time)
            .build();
    private PluginState state = PluginState.RUNNING;
    private @Nullable Throwable failure;
    private final List<String> hastened = new ArrayList<>();
    private final CheckRecovery recovery = new CheckRecovery(
            manager,
            breakers,
            id -> id.equals("db")
                    ? Optional.of(new PluginStatus(
                            PluginDescriptor.of("db").build(), state, List.of(), null, null, 0, failure))
                    : Optional.empty(),
            name -> hastened.add(name));

    private void ran(String plugin, String name, Criticality criticality, boolean confirmed, Outcome outcome) {
        ran(plugin, name, criticality, confirmed, outcome, null);
    }

    private void ran(
            String plugin,
            String name,
            Criticality criticality,
            boolean confirmed,
            Outcome outcome,
            @Nullable Throwable thrown) {
        Health found = outcome == Outcome.HEALTHY ? Health.up() : Health.down("it does not work");
        CheckReport report = new CheckReport(
                name,
                plugin,
                Set.of(Group.READINESS),
                criticality,
                false,
                true,
                found.status(),
                found,
                Instant.EPOCH,
                Duration.ZERO,
                outcome == Outcome.HEALTHY ? 0 : 3,
                outcome == Outcome.HEALTHY ? 1 : 0,
                false,
                false);
        recovery.accept(new CheckRan(report, outcome, confirmed, thrown));
    }

    private void failed(Outcome outcome, @Nullable Throwable thrown) {
        ran("db", "db", Criticality.CRITICAL, true, outcome, thrown);
    }

    private ErrorRecord onlyError() {
        assertThat(manager.totals().recorded()).isEqualTo(1);
        return manager.recentErrors(1).getFirst();
    }

    private CircuitBreaker opened() {
        CircuitBreaker breaker = breakers.get("db");
        try (Registration _ = breakers.addListener("test", recovery::on)) {
            while (breaker.state() == CircuitBreakerState.CLOSED) {
                Permit call = breaker.tryAcquire();
                Objects.requireNonNull(call).failure(new IOException("away"));
            }
        }
        return breaker;
    }

    @Test
    void theCheckOfABreakerThatOpensRunsUntilItsFailureIsConfirmed() {
        CircuitBreaker breaker = opened();

        assertThat(hastened).containsExactly("db", "lynx.recovery");
        hastened.clear();
        ran("db", "db", Criticality.DEGRADING, false, Outcome.EXCEPTION, new IOException("away"));
        assertThat(hastened).containsExactly("db");
        ran("db", "db", Criticality.DEGRADING, true, Outcome.EXCEPTION, new IOException("away"));
        assertThat(hastened).containsExactly("db");
        assertThat(breaker.state()).isEqualTo(CircuitBreakerState.OPEN);
    }

    @Test
    void aCheckRunsAtItsTimeWhileItsBreakerIsClosed() {
        ran("db", "db", Criticality.DEGRADING, false, Outcome.EXCEPTION, new IOException("away"));

        assertThat(hastened).isEmpty();
    }

    @Test
    void aBreakerThatAnOperatorOpensOrClosesRunsOnlyTheCheckThatNamesIt() {
        try (Registration _ = breakers.addListener("test", recovery::on)) {
            breakers.get("db").forceOpen();
            breakers.get("db").reset();
        }

        assertThat(hastened).containsExactly("lynx.recovery", "lynx.recovery");
    }

    @Test
    void whatACheckThrowsIsClassified() {
        failed(Outcome.EXCEPTION, new SQLTransientConnectionException("away", "08001"));

        assertThat(onlyError())
                .returns("database", ErrorRecord::errorType)
                .returns("db", ErrorRecord::component)
                .returns(ErrorOrigin.check("db", ErrorOrigin.Cause.EXTERNAL), ErrorRecord::origin)
                .returns(Disposition.TRANSIENT, ErrorRecord::disposition);
        assertThat(onlyError().context()).containsEntry("check", "db").containsEntry("failures_in_a_row", 3);
    }

    @Test
    void whatACheckReportsIsAHealthCheckError() {
        failed(Outcome.UNHEALTHY, null);

        assertThat(onlyError())
                .returns("health_check", ErrorRecord::errorType)
                .returns(ErrorCategory.PLUGIN, ErrorRecord::category)
                .returns(Disposition.UNKNOWN, ErrorRecord::disposition)
                .returns("it does not work", ErrorRecord::message);
    }

    @Test
    void aCheckThatHangsIsATimeout() {
        failed(Outcome.TIMEOUT, null);

        assertThat(onlyError())
                .returns("timeout", ErrorRecord::errorType)
                .returns(Disposition.TRANSIENT, ErrorRecord::disposition);
    }

    @Test
    void anInternalExceptionOfThePluginsOwnCheckHasAnInternalCause() {
        ran("db", "db", Criticality.DEGRADING, true, Outcome.EXCEPTION, new IllegalStateException("broken"));

        assertThat(onlyError()).returns(ErrorOrigin.check("db", ErrorOrigin.Cause.INTERNAL), ErrorRecord::origin);
    }

    @Test
    void aFailureOfAnAdditionalDegradingCheckHasAnExternalCause() {
        ran("db", "db.replica", Criticality.DEGRADING, true, Outcome.EXCEPTION, new IllegalStateException("broken"));

        assertThat(onlyError())
                .returns(ErrorOrigin.check("db.replica", ErrorOrigin.Cause.EXTERNAL), ErrorRecord::origin);
    }

    @Test
    void aPassingCheckMakesItsOpenBreakerProbeAtOnce() {
        CircuitBreaker breaker = breakers.get("db");
        for (int i = 0; i < 5; i++) {
            Objects.requireNonNull(breaker.tryAcquire()).failure(new IllegalStateException("away"));
        }
        assertThat(breaker.state()).isEqualTo(CircuitBreakerState.OPEN);

        ran("db", "db", Criticality.CRITICAL, true, Outcome.HEALTHY);

        assertThat(breaker.state()).isEqualTo(CircuitBreakerState.HALF_OPEN);
        breaker.forceOpen();
        ran("db", "db", Criticality.CRITICAL, true, Outcome.HEALTHY);
        assertThat(breaker.state()).isEqualTo(CircuitBreakerState.OPEN);
    }

    @Test
    void aFailureBelowTheThresholdIsNotRecorded() {
        ran("db", "db", Criticality.CRITICAL, false, Outcome.UNHEALTHY);

        assertThat(manager.totals().recorded()).isZero();
    }

    @Test
    void checksOfTheFrameworkOfNoPluginAndForInformationAreNotRecorded() {
        ran("lynx", "lynx.recovery", Criticality.CRITICAL, true, Outcome.UNHEALTHY);
        ran("somebody", "somebody", Criticality.CRITICAL, true, Outcome.UNHEALTHY);
        ran("db", "db.statistics", Criticality.INFO, true, Outcome.UNHEALTHY);

        assertThat(manager.totals().recorded()).isZero();
    }

    @Test
    void eachFailedRunIsOneError() {
        failed(Outcome.UNHEALTHY, null);
        failed(Outcome.UNHEALTHY, null);
        ran("db", "db.replica", Criticality.DEGRADING, true, Outcome.UNHEALTHY);

        assertThat(manager.errorStats().errorCounts()).containsEntry("health_check", 3L);
    }

    @Test
    void aFailedPluginIsRecordedAsNotRunningWhateverItsCheckReports() {
        state = PluginState.FAILED;
        failure = new SQLTransientConnectionException("away", "08001");

        failed(Outcome.UNHEALTHY, null);
        ran("db", "db.replica", Criticality.CRITICAL, true, Outcome.UNHEALTHY);

        assertThat(onlyError())
                .returns("database", ErrorRecord::errorType)
                .returns(ErrorOrigin.check("db", ErrorOrigin.Cause.NOT_RUNNING), ErrorRecord::origin);
    }

    @ParameterizedTest
    @EnumSource(names = {"NEW", "STARTING", "STOPPING", "STOPPED"})
    void aPluginThatIsDownOnPurposeIsNoError(PluginState onPurpose) {
        state = onPurpose;

        failed(Outcome.UNHEALTHY, null);

        assertThat(manager.totals().recorded()).isZero();
    }

    @Test
    void aPassingCheckMarksItsErrorsAsRecovered() {
        failed(Outcome.UNHEALTHY, null);

        ran("db", "db", Criticality.CRITICAL, true, Outcome.HEALTHY);

        assertThat(onlyError().recovered()).isTrue();
        assertThat(manager.checkHealth().status()).isNotEqualTo(HealthStatus.DOWN);
    }
}
