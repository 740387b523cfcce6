package io.lynx.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The keys of {@code /debug/error-stats} and {@code /debug/health-report}: operators' scripts read them. */
class ErrorStatsJsonTest {
    @Test
    void keepsTheOperatorsKeys() {
        try (RecoveryFixture fixture = new RecoveryFixture()) {
            fixture.manager.registerRecoveryStrategy("database", TestStrategy.recovering("quick"));
            fixture.manager.recordError("database", "connection timeout", "mysql-plugin", ErrorSeverity.MEDIUM, null);
            fixture.finished();
            fixture.time.advance(Duration.ofSeconds(1));
            fixture.settle();

            assertThat(json(fixture.manager.errorStats().toMap()))
                    .isEqualTo("{\"error_counts\":{\"database\":1},"
                            + "\"recent_errors\":[{\"timestamp\":\"2026-01-01T00:00:00Z\",\"error_type\":\"database\","
                            + "\"component\":\"mysql-plugin\",\"severity\":\"medium\",\"severity_level\":1,"
                            + "\"message\":\"connection timeout\",\"recovered\":true,"
                            + "\"recovery_time\":\"2026-01-01T00:00:00Z\",\"category\":\"database\","
                            + "\"fingerprint\":\"v1:28c74a9eaa4bb066\",\"occurrences\":1}],"
                            + "\"recovery_stats\":{\"total\":1,\"successful\":1,\"success_rate\":1.0,\"skipped\":0,"
                            + "\"abandoned\":0,\"active\":0},"
                            + "\"circuit_breaker_states\":{\"database\":{\"state\":\"closed\",\"state_code\":0}},"
                            + "\"window\":{\"seconds\":60,\"counts\":{\"database\":1}},"
                            + "\"components\":{\"mysql-plugin\":{\"status\":\"ok\",\"restarts\":0}}}");
        }
    }

    @Test
    void openBreakerSaysWhenItProbes() {
        try (RecoveryFixture fixture = new RecoveryFixture()) {
            fixture.manager.registerRecoveryStrategy("database", TestStrategy.failing("hopeless"));
            for (int i = 0; i < 5; i++) {
                fixture.error("component-" + i, ErrorSeverity.MEDIUM);
                fixture.finished();
            }
            fixture.time.advance(Duration.ofSeconds(19));

            assertThat(json(java.util.Objects.requireNonNull(
                            fixture.manager.errorStats().toMap().get("circuit_breaker_states"))))
                    .isEqualTo("{\"database\":{\"state\":\"open\",\"state_code\":1,\"retry_after_ms\":41000}}");
        }
    }

    @Test
    void errorThatIsNotRecoveredHasNoRecoveryTime() {
        try (RecoveryFixture fixture = new RecoveryFixture()) {
            fixture.error("a", ErrorSeverity.LOW);

            assertThat(json(fixture.manager.errorStats().toMap()))
                    .contains("\"recovered\":false,\"recovery_time\":null,");
        }
    }

    @Test
    void healthReportKeepsItsKeys() {
        try (RecoveryFixture fixture = new RecoveryFixture()) {
            Map<String, Object> report = fixture.manager.healthReport().toMap();

            assertThat(report.keySet())
                    .containsExactly(
                            "healthy",
                            "status",
                            "reasons",
                            "error_stats",
                            "error_threshold",
                            "recovery_timeout",
                            "max_error_history");
            assertThat(report)
                    .containsEntry("healthy", true)
                    .containsEntry("status", "up")
                    .containsEntry("error_threshold", 10)
                    .containsEntry("recovery_timeout", "30s")
                    .containsEntry("max_error_history", 1000);
        }
    }

    @Test
    void recoveringComponentIsShown() {
        Semaphore gate = new Semaphore(0);
        TestStrategy strategy = TestStrategy.gated("gated", gate);
        try (RecoveryFixture fixture = new RecoveryFixture()) {
            fixture.startRecovery(strategy, ErrorSeverity.LOW);

            assertThat(fixture.status("a")).isEqualTo("recovering");
            assertThat(fixture.manager.errorStats().recoveryStats().active()).isEqualTo(1);
            gate.release();
        }
    }

    private static String json(@Nullable Object value) {
        return switch (value) {
            case Map<?, ?> map ->
                map.entrySet().stream()
                        .map(entry -> "\"" + entry.getKey() + "\":" + json(entry.getValue()))
                        .collect(Collectors.joining(",", "{", "}"));
            case List<?> list -> list.stream().map(ErrorStatsJsonTest::json).collect(Collectors.joining(",", "[", "]"));
            case String text -> "\"" + text + "\"";
            case null -> "null";
            case Number number -> number.toString();
            case Boolean truth -> truth.toString();
            default -> throw new AssertionError("no JSON: " + value.getClass());
        };
    }
}
