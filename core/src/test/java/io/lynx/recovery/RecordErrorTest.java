package io.lynx.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.context.RequestContext;
import io.lynx.context.RequestScope;
import io.lynx.context.TraceContext;
import io.lynx.recovery.Classification.Disposition;
import io.lynx.security.Principal;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecordErrorTest {
    private final RecoveryFixture fixture = new RecoveryFixture();
    private final ErrorRecoveryManager manager = fixture.manager;

    private ErrorRecord only() {
        return manager.recentErrors(10).getFirst();
    }

    private void record(String message, Map<String, ?> context) {
        manager.recordError("database", message, "a", ErrorSeverity.MEDIUM, context);
    }

    @Test
    void keepsAllPropertiesOfAReport() {
        manager.recordError(ErrorReport.builder("mysql-plugin")
                .errorType("deadlock")
                .category(ErrorCategory.DATABASE)
                .message("order 7 is locked")
                .severity(ErrorSeverity.HIGH)
                .context(Map.of("request_id", "r-1", "user_id", 42))
                .build());

        ErrorRecord error = only();
        assertThat(error.errorType()).isEqualTo("deadlock");
        assertThat(error.category()).isEqualTo(ErrorCategory.DATABASE);
        assertThat(error.severity()).isEqualTo(ErrorSeverity.HIGH);
        assertThat(error.timestamp()).isEqualTo(fixture.time.instant());
        assertThat(error.requestId()).isEqualTo("r-1");
        assertThat(error.userId()).isEqualTo("42");
        assertThat(error.fingerprint()).matches("v1:[0-9a-f]{16}");
        assertThat(error.occurrences()).isEqualTo(1);
    }

    @Test
    void takesWhatWasNotSaidFromTheRequest() {
        RequestScope request = RequestScope.of("r-1", null);
        request.authenticated(Principal.of("alice"));
        RequestContext traced = request.withTrace(new TraceContext("a".repeat(32), "b".repeat(16), true, ""));

        traced.run(() -> record("first", Map.of("order", 7)));
        ErrorRecord bound = only();
        traced.run(() -> record("second", Map.of("request_id", "own", "user_id", "bob", "trace_id", "t")));
        ErrorRecord given = only();

        assertThat(bound.requestId()).isEqualTo("r-1");
        assertThat(bound.userId()).isEqualTo("alice");
        assertThat(bound.context())
                .isEqualTo(Map.of("order", 7, "trace_id", "a".repeat(32), "span_id", "b".repeat(16)));
        assertThat(given.requestId()).isEqualTo("own");
        assertThat(given.userId()).isEqualTo("bob");
        assertThat(given.context()).containsEntry("trace_id", "t");
    }

    @Test
    void classifiesExceptions() {
        manager.recordError("mysql-plugin", new java.sql.SQLException("connection lost", "08006"));

        ErrorRecord error = only();
        assertThat(error.errorType()).isEqualTo("database");
        assertThat(error.disposition()).isEqualTo(Disposition.TRANSIENT);
        assertThat(error.exceptionClass()).isEqualTo("java.sql.SQLException");
        assertThat(error.stackTrace()).contains("classifiesExceptions");
    }

    @Test
    void recordsTenOfAFingerprintAMinuteThenOneInAHundred() {
        for (int i = 0; i < 1000; i++) {
            record("order " + i + " timed out", Map.of());
        }
        long inFirstMinute = manager.totals().inHistory();
        fixture.time.advance(Duration.ofMinutes(1));
        for (int i = 0; i < 10; i++) {
            record("order " + i + " timed out", Map.of());
        }

        assertThat(inFirstMinute).isEqualTo(10 + 9);
        assertThat(manager.totals().inHistory()).isEqualTo(inFirstMinute + 10);
        assertThat(manager.totals().sampledOut()).isEqualTo(1000 - inFirstMinute);
        assertThat(manager.errorStats().errorCounts()).containsExactly(Map.entry("database", 1010L));
        assertThat(only().occurrences()).isEqualTo(1010);
    }

    @Test
    void fingerprintsIgnoreNumbersIdsAndQuotes() {
        record("order 17 of 'Smith' not found (3f2a-77)", Map.of());
        record("order 18 of 'O Neill' not found (9bb1-02)", Map.of());
        record("order 18 of 'Smith' is locked", Map.of());
        record("can't reach host", Map.of());
        record("can't reach port", Map.of());

        List<String> prints = manager.recentErrors(10).reversed().stream()
                .map(ErrorRecord::fingerprint)
                .toList();
        assertThat(prints.get(0)).isEqualTo(prints.get(1)).isNotEqualTo(prints.get(2));
        assertThat(prints.get(3)).isNotEqualTo(prints.get(4));
    }

    @Test
    void fingerprintsOfExceptionsFollowTheMethodsNotTheMessage() {
        for (int i = 0; i < 2; i++) {
            manager.recordError("a", new IllegalStateException("attempt " + (i == 0 ? "one" : "two")));
        }
        manager.recordError("a", elsewhere());
        manager.recordError("a", new UnsupportedOperationException());

        List<String> prints = manager.recentErrors(10).reversed().stream()
                .map(ErrorRecord::fingerprint)
                .toList();
        assertThat(prints.get(0)).isEqualTo(prints.get(1)).isNotEqualTo(prints.get(2));
        assertThat(prints.get(3)).isNotEqualTo(prints.get(0));
    }

    private static IllegalStateException elsewhere() {
        return new IllegalStateException("attempt one");
    }

    @Test
    void ownRejectionsAreCountedButNotRecorded() {
        io.lynx.resilience.CircuitBreaker breaker =
                io.lynx.resilience.CircuitBreaker.of("b", io.lynx.resilience.CircuitBreakerConfig.defaults());
        breaker.forceOpen();

        try {
            breaker.acquire();
        } catch (io.lynx.resilience.CallRejectedException.CircuitBreakerOpenException rejection) {
            manager.recordError("a", rejection);
        }

        assertThat(manager.totals()).isEqualTo(new ErrorStats.Totals(0, 0, 0, 1, 0));
        assertThat(manager.recentErrors(10)).isEmpty();
    }

    @Test
    void masksSecrets() {
        Map<String, Object> context = new LinkedHashMap<>();
        context.put("password", "hunter2");
        context.put("X-Api-Key", "hunter2");
        context.put("Authorization", "Bearer hunter2hunter2");
        context.put("nested", Map.of("db_password", "hunter2"));
        context.put("url", "jdbc:mysql://root:hunter2@db/orders?password=hunter2&ssl=true");
        context.put("attempt", 3);

        record(
                "login failed: token=hunter2, header Authorization: Bearer hunter2hunter2 {\"secret\":\"hunter2\"}",
                context);

        ErrorRecord error = only();
        assertThat(error.toString()).doesNotContain("hunter2");
        assertThat(error.context())
                .containsEntry("password", "***")
                .containsEntry("attempt", 3)
                .containsEntry("url", "jdbc:mysql://root:***@db/orders?password=***&ssl=true");
        assertThat(error.message()).startsWith("login failed: token=***");
    }

    @Test
    void masksSecretsInStackTraces() {
        manager.recordError("a", new IllegalStateException("cannot log in, password=hunter2"));

        assertThat(only().stackTrace()).contains("password=***").doesNotContain("hunter2");
    }

    @Test
    void boundsMessagesAndContexts() {
        Map<String, Object> enormous = new HashMap<>();
        for (int i = 0; i < 100_000; i++) {
            enormous.put("key-" + i, "v".repeat(1000));
        }

        record("ü".repeat(100_000), enormous);

        ErrorRecord error = only();
        assertThat(error.message().getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .hasSize(1024);
        assertThat(error.context()).hasSize(33);
        assertThat(error.context().values())
                .allSatisfy(value -> assertThat(value.toString()).hasSizeLessThanOrEqualTo(256));
    }

    @Test
    void historyKeepsTheMostRecentErrors() {
        for (int i = 0; i < 1500; i++) {
            manager.recordError("type-" + i % 200, "failed", "a", ErrorSeverity.LOW, null);
        }

        List<ErrorRecord> errors = manager.recentErrors(5000);
        assertThat(errors).hasSize(1000);
        assertThat(errors.getFirst().id()).isEqualTo("e-1500");
        assertThat(errors.getLast().id()).isEqualTo("e-501");
    }

    @Test
    void laterChangesOfTheContextDoNotReachTheRecord() {
        Map<String, Object> context = new HashMap<>(Map.of("attempt", 1));

        record("failed", context);
        context.put("attempt", 2);

        assertThat(only().context()).isEqualTo(Map.of("attempt", 1));
    }

    @Test
    void countsBySeverity() {
        fixture.error("a", ErrorSeverity.LOW);
        fixture.error("a", ErrorSeverity.HIGH);
        fixture.error("a", ErrorSeverity.HIGH);

        assertThat(manager.errorCounts().get("database"))
                .containsEntry(ErrorSeverity.LOW, 1L)
                .containsEntry(ErrorSeverity.MEDIUM, 0L)
                .containsEntry(ErrorSeverity.HIGH, 2L);
    }
}
