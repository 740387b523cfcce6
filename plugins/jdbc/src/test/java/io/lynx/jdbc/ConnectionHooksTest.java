package io.lynx.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.extension.Registration;
import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.CircuitBreakerState;
import io.lynx.testkit.Await;
import io.lynx.testkit.LynxTest;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

class ConnectionHooksTest {
    private static final String PLUGIN = "jdbc.orders";

    private static void away() throws SQLException {
        throw new SQLTransientConnectionException("is switched off", "08001");
    }

    private static Registration add(LynxTest lynx, ConnectionHook hook) {
        return lynx.resource(JdbcPlugin.hooks("orders")).add(lynx.context(PLUGIN), hook);
    }

    @Test
    void whatAHookThrowsIsAnOutageUntilItIsRemoved() throws Exception {
        JdbcPlugin plugin = new JdbcPlugin("orders");
        try (LynxTest lynx = LynxTest.of(plugin)
                .with("lynx.jdbc.orders.url", TestDatabase.url())
                .with("lynx.jdbc.orders.migrations.enabled", "false")
                .start()) {
            DataSource database = TestDatabase.of(lynx);
            TestDatabase.execute(database, "CREATE TABLE item (id INT)");
            CircuitBreaker breaker = lynx.application().breakers().get(PLUGIN);
            TestDatabase.awaitFirstCheck(lynx); // It runs the hooks as well.
            Registration hook = add(lynx, ConnectionHooksTest::away);

            assertThatThrownBy(plugin::health).hasMessage("is switched off");
            for (int i = 0; i < 5; i++) {
                assertThatThrownBy(database::getConnection).hasMessage("is switched off");
            }
            assertThat(breaker.state()).isEqualTo(CircuitBreakerState.OPEN);
            assertThat(lynx.metrics()
                            .value(
                                    "lynx_db_errors_total",
                                    "database",
                                    "orders",
                                    "type",
                                    "connect",
                                    "error_type",
                                    "unavailable"))
                    .isEqualTo(5);

            hook.close();
            assertThat(plugin.health().data()).containsEntry("inUse", 0L);
            // The health check, which the breaker has made run, may let calls through at the same time.
            Await.until("connections are given out again", () -> {
                boolean _ = breaker.probeNow();
                return TestDatabase.count(database, "SELECT count(*) FROM item") == 0;
            });
        }
    }

    @Test
    void hooksRunForEachConnectionInTheirOrder() throws Exception {
        try (LynxTest lynx = TestDatabase.start("migrations.enabled=false")) {
            TestDatabase.awaitFirstCheck(lynx); // It runs the hooks as well.
            List<String> calls = new CopyOnWriteArrayList<>();
            Registration first = add(lynx, () -> calls.add("first"));
            Registration _ = add(lynx, () -> calls.add("second"));

            TestDatabase.of(lynx).getConnection().close();
            assertThat(calls).containsSubsequence("first", "second");

            first.close();
            calls.clear();
            TestDatabase.of(lynx).getConnection().close();
            assertThat(calls).isNotEmpty().containsOnly("second");
        }
    }
}
