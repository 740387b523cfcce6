package io.lynx.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.health.HealthStatus;
import io.lynx.recovery.ErrorRecoveryConfig.OnExhausted;
import io.lynx.recovery.RecoveryEvent.ComponentQuarantined;
import io.lynx.recovery.RecoveryEvent.ComponentReleased;
import io.lynx.recovery.RecoveryRecord.Result;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Restarts that do not help, the quarantine that follows, and its end. */
class EscalationTest {
    private static final String REASON = "3 restarts within 300s did not help";

    private final AtomicInteger restarts = new AtomicInteger();
    private volatile boolean restartFails;
    private volatile boolean isRunning = true;

    private RecoveryFixture fixture() {
        return fixture(builder -> builder);
    }

    private RecoveryFixture fixture(UnaryOperator<ErrorRecoveryManager.Builder> more) {
        return new RecoveryFixture(builder -> more.apply(builder.restarter(new Restarter() {
            @Override
            public void restart(String component) {
                restarts.incrementAndGet();
                isRunning = !restartFails;
                if (restartFails) {
                    throw new IllegalStateException("does not start");
                }
            }

            @Override
            public boolean isRunning(String component) {
                return isRunning;
            }
        })));
    }

    private ComponentQuarantined quarantine(RecoveryFixture fixture) {
        for (int i = 0; i < 3; i++) {
            fixture.error("a", ErrorSeverity.HIGH);
            fixture.finished();
            fixture.time.advance(RecoveryFixture.COOL_DOWN);
        }
        fixture.error("a", ErrorSeverity.HIGH);
        return fixture.await(ComponentQuarantined.class);
    }

    @Test
    void quarantinesAComponentWhoseRestartsDoNotHelp() {
        try (RecoveryFixture fixture = fixture()) {
            ComponentQuarantined quarantined = quarantine(fixture);
            fixture.error("a", ErrorSeverity.HIGH);
            fixture.settle();

            assertThat(quarantined)
                    .isEqualTo(new ComponentQuarantined("a", REASON, 3, Optional.of(Duration.ofMinutes(1))));
            assertThat(restarts).hasValue(3);
            assertThat(fixture.status("a")).isEqualTo("parked");
            assertThat(fixture.manager.isParked("a")).isTrue();
            assertThat(fixture.manager.checkHealth().status()).isEqualTo(HealthStatus.DEGRADED);
            assertThat(fixture.manager.checkHealth().error()).isEqualTo("component 'a': quarantined; " + REASON);
        }
    }

    @Test
    void quarantineEndsAutomaticallyOnceARestartHasHelpedForTheRestartWindow() {
        try (RecoveryFixture fixture = fixture()) {
            ComponentQuarantined _ = quarantine(fixture);
            fixture.finished();

            fixture.time.advance(Duration.ofMinutes(1));
            assertThat(fixture.finished().result()).isEqualTo(Result.RECOVERED);
            fixture.settle();
            boolean parkedOnProbation = fixture.manager.isParked("a");
            String statusOnProbation = fixture.status("a");
            fixture.time.advance(Duration.ofMinutes(5).minusMillis(1));
            String statusBefore = fixture.status("a");
            fixture.time.advance(Duration.ofMillis(1));

            assertThat(fixture.await(ComponentReleased.class).component()).isEqualTo("a");
            assertThat(parkedOnProbation).isFalse();
            assertThat(statusOnProbation).isEqualTo("recovering");
            assertThat(statusBefore).isEqualTo("recovering");
            assertThat(fixture.manager.errorStats().components())
                    .containsEntry("a", new ErrorStats.ComponentState("ok", 0));
            assertThat(restarts).hasValue(4);
        }
    }

    @Test
    void pausesDoubleUpToTheMaximumUntilARestartHelps() {
        try (RecoveryFixture fixture = fixture()) {
            ComponentQuarantined _ = quarantine(fixture);
            fixture.finished();
            restartFails = true;
            int expected = 3;
            for (int minutes : new int[] {1, 2, 4, 8, 10, 10}) {
                fixture.time.advance(Duration.ofMinutes(minutes).minusMillis(1));
                fixture.settle();
                assertThat(restarts).hasValue(expected);

                fixture.time.advance(Duration.ofMillis(1));
                assertThat(fixture.finished().result()).isEqualTo(Result.FAILED);
                expected++;
                assertThat(restarts).hasValue(expected);
                assertThat(fixture.manager.isParked("a")).isTrue();
            }
            restartFails = false;
            fixture.time.advance(Duration.ofMinutes(10));
            fixture.finished();
            fixture.time.advance(Duration.ofMinutes(6));

            assertThat(fixture.await(ComponentReleased.class).component()).isEqualTo("a");
        }
    }

    @Test
    void anErrorThatNeedsARestartOnProbationDoublesThePause() {
        try (RecoveryFixture fixture = fixture()) {
            ComponentQuarantined _ = quarantine(fixture);
            fixture.finished();
            fixture.time.advance(Duration.ofMinutes(1));
            fixture.finished();
            fixture.time.advance(Duration.ofMinutes(4));

            fixture.error("a", ErrorSeverity.HIGH);
            assertThat(fixture.finished())
                    .returns(Result.PARKED, RecoveryRecord::result)
                    .returns(REASON, RecoveryRecord::note);
            fixture.time.advance(Duration.ofMinutes(2).minusMillis(1));
            int before = restarts.get();
            fixture.time.advance(Duration.ofMillis(1));
            fixture.finished();

            assertThat(before).isEqualTo(4);
            assertThat(restarts).hasValue(5);
        }
    }

    @Test
    void restartsFarApartDoNotAddUp() {
        try (RecoveryFixture fixture = fixture()) {
            for (int i = 0; i < 8; i++) {
                fixture.error("a", ErrorSeverity.HIGH);
                fixture.finished();
                fixture.time.advance(Duration.ofSeconds(101));
            }

            assertThat(restarts).hasValue(8);
            assertThat(fixture.status("a")).isEqualTo("ok");
        }
    }

    @Test
    void failedRestartIsRetriedUntilTheComponentIsQuarantined() {
        restartFails = true;
        try (RecoveryFixture fixture = fixture()) {
            fixture.error("a", ErrorSeverity.HIGH);
            for (int seconds = 2; seconds <= 8; seconds *= 2) {
                assertThat(fixture.finished().result()).isEqualTo(Result.FAILED);
                assertThat(fixture.status("a")).isEqualTo("failed");
                assertThat(fixture.manager.recentErrors(1)).noneMatch(ErrorRecord::recovered);
                fixture.time.advance(Duration.ofSeconds(seconds));
            }

            ComponentQuarantined quarantined = fixture.await(ComponentQuarantined.class);

            assertThat(quarantined.restarts()).isEqualTo(3);
            assertThat(restarts).hasValue(3);
        }
    }

    @Test
    void errorsOfLowSeverityRestartNothing() {
        try (RecoveryFixture fixture = fixture()) {
            for (int i = 0; i < 20; i++) {
                fixture.error("a", ErrorSeverity.LOW);
                fixture.settle();
                fixture.time.advance(RecoveryFixture.COOL_DOWN);
            }

            assertThat(restarts).hasValue(0);
            assertThat(fixture.status("a")).isEqualTo("ok");
        }
    }

    @Test
    void quarantinedRequiredComponentIsDownUntilItIsReset() {
        ErrorRecoveryConfig noRestarts = RecoveryFixture.config(10, 0, OnExhausted.PARK_FOR_GOOD);
        try (RecoveryFixture fixture =
                fixture(builder -> builder.config(noRestarts).required("a"::equals))) {
            fixture.error("a", ErrorSeverity.HIGH);
            assertThat(fixture.await(ComponentQuarantined.class).nextAttempt()).isEmpty();
            fixture.time.advance(Duration.ofHours(1));

            boolean healthyBefore = fixture.manager.isHealthy();
            boolean reset = fixture.manager.resetComponent("a");

            assertThat(healthyBefore).isFalse();
            assertThat(reset).isTrue();
            assertThat(fixture.await(ComponentReleased.class).component()).isEqualTo("a");
            assertThat(fixture.manager.checkHealth().status()).isEqualTo(HealthStatus.UP);
            assertThat(restarts).hasValue(0);
        }
    }

    @Test
    void quarantineCanRequestAShutdown() {
        List<String> requested = new CopyOnWriteArrayList<>();
        ErrorRecoveryConfig shutdown = RecoveryFixture.config(10, 0, OnExhausted.SHUTDOWN);
        try (RecoveryFixture fixture =
                fixture(builder -> builder.config(shutdown).onShutdown(requested::add))) {
            fixture.error("a", ErrorSeverity.HIGH);
            fixture.await(ComponentQuarantined.class);
            fixture.finished();

            assertThat(requested).containsExactly("component 'a' was quarantined: 0 restarts within 300s did not help");
        }
    }

    @Test
    void resetRestartsAPluginThatIsNotRunningWhateverStoppedIt() {
        try (RecoveryFixture fixture = fixture()) {
            isRunning = false;
            String before = fixture.status("a");

            boolean reset = fixture.manager.resetComponent("a");

            assertThat(reset).isTrue();
            assertThat(fixture.finished())
                    .returns(Result.RECOVERED, RecoveryRecord::result)
                    .returns("restart", RecoveryRecord::strategy);
            assertThat(before).isEqualTo("unknown");
            assertThat(restarts).hasValue(1);
            assertThat(fixture.manager.totals().recorded()).isZero();
        }
    }

    @Test
    void resetRestartsAPluginThatFailedWithALinkageError() {
        restartFails = true;
        try (RecoveryFixture fixture = fixture()) {
            fixture.manager.recordError("a", new NoClassDefFoundError("com/example/Driver"));
            for (int i = 0; i < 3; i++) {
                fixture.finished();
                fixture.time.advance(Duration.ofSeconds(16));
            }
            fixture.await(ComponentQuarantined.class);
            fixture.finished();
            restartFails = false;

            assertThat(fixture.manager.resetComponent("a")).isTrue();

            assertThat(fixture.finished().result()).isEqualTo(Result.RECOVERED);
            assertThat(fixture.manager.isParked("a")).isFalse();
        }
    }

    @Test
    void criticalErrorRestartsTheComponentIfThereIsNoFallback() {
        try (RecoveryFixture fixture = fixture()) {
            fixture.error("a", ErrorSeverity.CRITICAL);

            assertThat(fixture.finished())
                    .returns(Result.RECOVERED, RecoveryRecord::result)
                    .returns("restart", RecoveryRecord::strategy);
            assertThat(fixture.manager.isHealthy()).isTrue();
        }
    }

    @Test
    void criticalErrorThatNoStrategyRecoversFromIsQuarantined() {
        try (RecoveryFixture fixture = new RecoveryFixture()) {
            fixture.error("a", ErrorSeverity.CRITICAL);

            assertThat(fixture.await(ComponentQuarantined.class).reason())
                    .isEqualTo("a critical error, and no strategy for it");
            assertThat(fixture.manager.isHealthy()).isFalse();
            fixture.finished();
            fixture.time.advance(Duration.ofMinutes(1));
            RecoveryFixture.eventually(() -> !fixture.manager.isParked("a"));
            RecoveryFixture.eventually(() -> {
                fixture.time.advance(Duration.ofMinutes(6)); // The probation begins when the attempt ends, not before.
                return fixture.hasCome(ComponentReleased.class);
            });
            RecoveryFixture.eventually(fixture.manager::isHealthy);
        }
    }

    @Test
    void criticalErrorWhoseFallbackFailsIsQuarantined() {
        try (RecoveryFixture fixture = new RecoveryFixture()) {
            fixture.manager.registerComponent(
                    "a",
                    ComponentRecovery.builder()
                            .fallback(_ -> {
                                throw new IllegalStateException("no replica");
                            })
                            .build());

            fixture.error("a", ErrorSeverity.CRITICAL);

            assertThat(fixture.await(ComponentQuarantined.class).reason()).contains("no replica");
            assertThat(fixture.finished().result()).isEqualTo(Result.PARKED);
        }
    }

    @Test
    void resettingAnUnknownComponentReturnsFalse() {
        try (RecoveryFixture fixture = fixture()) {
            assertThat(fixture.manager.resetComponent("nobody")).isFalse();
        }
    }
}
