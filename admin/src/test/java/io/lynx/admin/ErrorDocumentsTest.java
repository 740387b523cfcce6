package io.lynx.admin;

import io.lynx.health.HealthStatus;
import io.lynx.recovery.Classification.Disposition;
import io.lynx.recovery.ErrorCategory;
import io.lynx.recovery.ErrorOrigin;
import io.lynx.recovery.ErrorRecord;
import io.lynx.recovery.ErrorSeverity;
import io.lynx.recovery.ErrorStats;
import io.lynx.recovery.ErrorStats.ComponentState;
import io.lynx.recovery.ErrorStats.HealthReport;
import io.lynx.resilience.CircuitBreakerMode;
import io.lynx.resilience.CircuitBreakerSnapshot;
import io.lynx.resilience.CircuitBreakerState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ErrorDocumentsTest {
    private static final ErrorStats STATS = new ErrorStats(
            Map.of("database", 12L),
            List.of(
                    error("e-12", "2026-01-01T00:00:20Z", "too many connections", null),
                    error("e-7", "2026-01-01T00:00:00Z", "connection \"db-1\" timed out", "2026-01-01T00:00:02Z")),
            new ErrorStats.RecoveryStats(4, 3, 1, 0, 0),
            Map.of(
                    "database",
                    new CircuitBreakerSnapshot(
                            "database",
                            CircuitBreakerState.OPEN,
                            CircuitBreakerMode.AUTOMATIC,
                            1,
                            Optional.of(Duration.ofSeconds(41)),
                            0,
                            0,
                            0,
                            0,
                            0,
                            3,
                            1,
                            0)),
            new ErrorStats.Window(Duration.ofSeconds(60), Map.of("database", 3L)),
            Map.of("mysql-plugin", new ComponentState("parked", 3)));

    private static ErrorRecord error(String id, String at, String message, @Nullable String recoveredAt) {
        return new ErrorRecord(
                id,
                Instant.parse(at),
                "database",
                ErrorCategory.DATABASE,
                ErrorSeverity.MEDIUM,
                Disposition.TRANSIENT,
                message,
                "mysql-plugin",
                ErrorOrigin.component(),
                "v1:28c74a9eaa4bb066",
                null,
                null,
                Map.of(),
                null,
                null,
                "",
                "1.4.0",
                7,
                recoveredAt != null,
                recoveredAt == null ? null : Instant.parse(recoveredAt));
    }

    @Test
    void showsErrorsAndRecoveries() {
        Golden.assertEquals("error-stats.json", ErrorDocuments.errorStats(STATS));
    }

    @Test
    void showsTheirEffectOnHealth() {
        HealthReport report = new HealthReport(
                HealthStatus.DOWN,
                List.of(
                        "circuit breaker 'database': open",
                        "component 'mysql-plugin': quarantined; 3 restarts within 300s did not help"),
                STATS,
                10,
                Duration.ofSeconds(30),
                1000);

        Golden.assertEquals("health-report.json", ErrorDocuments.healthReport(report));
    }

    @Test
    void showsAComponent() {
        Golden.assertEquals("component.json", ErrorDocuments.component("mysql-plugin", new ComponentState("ok", 0)));
    }
}
