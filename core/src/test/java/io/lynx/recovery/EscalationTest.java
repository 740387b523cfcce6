package io.lynx.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.health.HealthStatus;
import io.lynx.recovery.ErrorRecoveryConfig.OnExhausted;
import io.lynx.recovery.RecoveryEvent.ComponentQuarantined;
import io.lynx.recovery.RecoveryRecord.Result;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EscalationTest {
    private final AtomicInteger restarts = new AtomicInteger();

    @Test
    void parksAComponentWhoseRestartsDoNotHelp() {
        try (RecoveryFixture fixture =
                new RecoveryFixture(builder -> builder.restarter((_, _) -> restarts.incrementAndGet()))) {
            for (int i = 0; i < 3; i++) {
                fixture.error("a", ErrorSeverity.HIGH);
                fixture.finished();
                fixture.time.advance(RecoveryFixture.COOL_DOWN);
            }

            fixture.error("a", ErrorSeverity.HIGH);
            ComponentQuarantined parked = fixture.await(ComponentQuarantined.class);
            fixture.error("a", ErrorSeverity.HIGH);
            fixture.settle();

            assertThat(parked)
                    .isEqualTo(
                            new ComponentQuarantined("a", "3 restarts within 300s did not help", 3, Optional.empty()));
            assertThat(restarts).hasValue(3);
            assertThat(fixture.status("a")).isEqualTo("parked");
            assertThat(fixture.manager.checkHealth().status()).isEqualTo(HealthStatus.DEGRADED);
        }
    }

    @Test
    void restartsFarApartDoNotAddUp() {
        try (RecoveryFixture fixture =
                new RecoveryFixture(builder -> builder.restarter((_, _) -> restarts.incrementAndGet()))) {
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
    void failedRestartIsTriedAgainUntilTheComponentIsParked() {
        try (RecoveryFixture fixture = new RecoveryFixture(builder -> builder.restarter((_, _) -> {
            restarts.incrementAndGet();
            throw new IllegalStateException("does not start");
        }))) {
            fixture.error("a", ErrorSeverity.HIGH);
            for (int seconds = 2; seconds <= 8; seconds *= 2) {
                assertThat(fixture.finished().result()).isEqualTo(Result.FAILED);
                fixture.time.advance(Duration.ofSeconds(seconds));
            }

            ComponentQuarantined parked = fixture.await(ComponentQuarantined.class);

            assertThat(parked.restarts()).isEqualTo(3);
            assertThat(restarts).hasValue(3);
        }
    }

    @Test
    void parkedRequiredComponentIsDownUntilReset() {
        ErrorRecoveryConfig noRestarts = RecoveryFixture.config(10, 0, OnExhausted.PARK);
        try (RecoveryFixture fixture = new RecoveryFixture(builder -> builder.config(noRestarts)
                .restarter((_, _) -> restarts.incrementAndGet())
                .required("a"::equals))) {
            fixture.error("a", ErrorSeverity.HIGH);
            fixture.await(ComponentQuarantined.class);
            fixture.time.advance(Duration.ofHours(1));

            boolean healthyWhileParked = fixture.manager.isHealthy();
            boolean reset = fixture.manager.resetComponent("a");

            assertThat(healthyWhileParked).isFalse();
            assertThat(reset).isTrue();
            assertThat(fixture.await(RecoveryEvent.ComponentReleased.class).component())
                    .isEqualTo("a");
            assertThat(fixture.manager.checkHealth().status()).isEqualTo(HealthStatus.UP);
            assertThat(restarts).hasValue(0);
        }
    }

    @Test
    void exhaustionCanAskForAShutdown() {
        List<String> asked = new CopyOnWriteArrayList<>();
        ErrorRecoveryConfig shutdown = RecoveryFixture.config(10, 0, OnExhausted.SHUTDOWN);
        try (RecoveryFixture fixture = new RecoveryFixture(
                builder -> builder.config(shutdown).restarter((_, _) -> {}).onShutdown(asked::add))) {
            fixture.error("a", ErrorSeverity.HIGH);
            fixture.await(ComponentQuarantined.class);
            fixture.settle();

            assertThat(asked).containsExactly("component 'a' was given up: 0 restarts within 300s did not help");
        }
    }

    @Test
    void criticalErrorWithoutAFallbackIsEscalated() {
        try (RecoveryFixture fixture = new RecoveryFixture(builder -> builder.restarter((_, _) -> {}))) {
            fixture.error("a", ErrorSeverity.CRITICAL);

            assertThat(fixture.await(ComponentQuarantined.class).reason())
                    .isEqualTo("a critical error, and nothing to do about it");
            assertThat(fixture.manager.isHealthy()).isFalse();
        }
    }

    @Test
    void criticalErrorWhoseFallbackFailsIsEscalated() {
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
    void resettingAnUnknownComponentSaysSo() {
        try (RecoveryFixture fixture = new RecoveryFixture()) {
            assertThat(fixture.manager.resetComponent("nobody")).isFalse();
        }
    }
}
