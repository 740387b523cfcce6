package io.lynx.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.recovery.ComponentRecovery.RecoveryAction;
import io.lynx.recovery.ErrorRecoveryManager;
import io.lynx.recovery.ErrorSeverity;
import io.lynx.recovery.RecoveryContext;
import io.lynx.recovery.RecoveryEvent;
import io.lynx.recovery.RecoveryOutcome;
import io.lynx.recovery.RecoveryStrategy;
import io.lynx.testkit.Await;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A whole application, over real sockets. */
class ErrorPagesTest {
    private static final String RESET = "/debug/components/mysql-plugin/reset";

    private final PagesFixture fixture = new PagesFixture();
    private final CountDownLatch parked = new CountDownLatch(1);
    private final CountDownLatch abandoned = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);

    private record TestRecovery(boolean restarts, Duration timeout, RecoveryAction action) implements RecoveryStrategy {
        @Override
        public String name() {
            return "test";
        }

        @Override
        public boolean canRecover(String errorType, ErrorSeverity severity) {
            return true;
        }

        @Override
        public RecoveryOutcome recover(RecoveryContext context) throws Exception {
            action.run(context);
            return RecoveryOutcome.recovered();
        }
    }

    @AfterEach
    void end() {
        release.countDown();
        fixture.close();
    }

    private ErrorRecoveryManager start(boolean allowChanges) throws Exception {
        fixture.start("lynx.admin.allow_changes=" + allowChanges, "lynx.error_recovery.max_restarts=0");
        ErrorRecoveryManager recovery = fixture.application().recovery();
        recovery.addListener("test", event -> {
            switch (event) {
                case RecoveryEvent.ComponentQuarantined _ -> parked.countDown();
                case RecoveryEvent.StrategyAbandoned _ -> abandoned.countDown();
                default -> {}
            }
        });
        return recovery;
    }

    private void park(ErrorRecoveryManager recovery) throws InterruptedException {
        // It counts as a restart, of which none is allowed.
        recovery.registerRecoveryStrategy("database", new TestRecovery(true, Duration.ofSeconds(10), _ -> {}));
        recovery.recordError("database", "connection timed out", "mysql-plugin", ErrorSeverity.MEDIUM, null);
        assertThat(parked.await(20, TimeUnit.SECONDS)).isTrue();
    }

    private static String status(ErrorRecoveryManager recovery) {
        return String.valueOf(recovery.errorStats().components().get("mysql-plugin"));
    }

    @Test
    void showsErrorsAndTheirEffectOnBothPorts() throws Exception {
        ErrorRecoveryManager recovery = start(false);
        park(recovery);

        for (RawHttp port : fixture.ports()) {
            assertThat(port.get("/debug/error-stats").body())
                    .startsWith("{\n  \"error_counts\": {\n    \"database\": 1\n  }")
                    .contains("\"component\": \"mysql-plugin\"", "\"status\": \"parked\"");
            assertThat(port.get("/debug/health-report").body())
                    .startsWith("{\n  \"healthy\": true,\n  \"status\": \"degraded\"")
                    .contains("component 'mysql-plugin': quarantined", "\"error_threshold\": 10");
        }
    }

    @Test
    void resetsAComponentAndLeavesAnAuditLine() throws Exception {
        ErrorRecoveryManager recovery = start(true);
        park(recovery);

        RawHttp.Answer answer = fixture.service().send("POST", RESET);

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("""
            {
              "name": "mysql-plugin",
              "status": "ok",
              "restarts": 0
            }
            """);
        assertThat(recovery.healthReport().reasons()).isEmpty();
        assertThat(fixture.auditLines()).containsExactly("Admin change: component reset of mysql-plugin done");
    }

    @Test
    void hasNothingToResetForAPluginWithoutErrors() throws Exception {
        start(true);

        RawHttp.Answer answer = fixture.management().send("POST", "/debug/components/" + AdminPlugin.ID + "/reset");

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("""
            {
              "name": "%s",
              "status": "ok",
              "restarts": 0
            }
            """.formatted(AdminPlugin.ID));
        assertThat(fixture.auditLines())
                .containsExactly(
                        "Admin change: component reset of " + AdminPlugin.ID + " done; there was nothing to reset");
    }

    @Test
    void refusesToResetAComponentThatARecoveryHolds() throws Exception {
        ErrorRecoveryManager recovery = start(true);
        recovery.registerRecoveryStrategy("database", new TestRecovery(false, Duration.ofMillis(1), _ -> {
            while (release.getCount() > 0) {
                try {
                    release.await();
                } catch (InterruptedException _) {
                    // It ignores its interrupt, and so is abandoned.
                }
            }
        }));
        recovery.recordError("database", "connection timed out", "mysql-plugin", ErrorSeverity.MEDIUM, null);
        assertThat(abandoned.await(20, TimeUnit.SECONDS)).isTrue();
        Await.until("the component is held", () -> status(recovery).contains("quarantined"));

        RawHttp.Answer answer = fixture.management().send("POST", RESET);

        assertThat(answer.status()).as(answer.body()).isEqualTo(409);
        assertThat(answer.body()).contains("component: 'mysql-plugin'; a recovery that has not ended still holds it");
        assertThat(fixture.auditLines()).containsExactly("Admin change: component reset of mysql-plugin refused");
    }

    @ParameterizedTest
    @CsvSource({
        "false, POST, /debug/components/mysql-plugin/reset, , 403",
        "true,  POST, /debug/components/mysql-plugin/reset, Origin: http://evil.example, 403",
        "true,  POST, /debug/components/mysql-plugin/reset, Host: evil.example, 404",
        "true,  GET,  /debug/components/mysql-plugin/reset, , 405",
        "true,  POST, /debug/components/nobody/reset,       , 404",
        "true,  POST, /debug/components/mysql-plugin,       , 404",
        "true,  POST, /debug/error-stats,                   , 405",
        "true,  POST, /debug/health-report,                 , 405",
        "true,  GET,  /debug/error-stats,                   Host: evil.example, 404",
        "true,  GET,  /debug/health-report,                 X-Forwarded-For: 127.0.0.1, 404"
    })
    void resetsNothingForUntrustedCallers(boolean allowed, String method, String path, String header, int status)
            throws Exception {
        ErrorRecoveryManager recovery = start(allowed);
        park(recovery);

        RawHttp.Answer answer = header == null
                ? fixture.management().send(method, path)
                : fixture.management().send(method, path, header);

        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(status(recovery)).contains("parked");
        assertThat(fixture.auditLines()).isEmpty();
    }
}
