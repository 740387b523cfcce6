package io.lynx.examples.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.health.HealthStatus;
import io.lynx.testkit.LynxTest;
import io.lynx.testkit.RecordingContext;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabasePluginTest {
    private static final NewOrder.Valid LAMP = new NewOrder.Valid("ada", "lamp", 1, new BigDecimal("9.90"));

    @TempDir
    Path folder;

    private static DatabaseConfig config(String url) {
        return new DatabaseConfig(
                url, "sa", "", 3, Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofSeconds(5));
    }

    private static LynxTest started(DatabasePlugin plugin, String url) {
        return LynxTest.of(plugin)
                .with("orders.database.url", url)
                .with("orders.database.pool_size", "3")
                .start();
    }

    @Test
    void sharesADatabaseThatWorks() throws Exception {
        DatabasePlugin plugin = new DatabasePlugin();
        try (LynxTest lynx = started(plugin, "jdbc:h2:mem:shares")) {
            OrderRepository orders = lynx.resource(DatabasePlugin.ORDERS);
            Order placed = orders.place(LAMP, Instant.EPOCH);

            assertThat(orders.find(placed.id())).contains(placed);
            assertThat(plugin.health().status()).isEqualTo(HealthStatus.UP);
            assertThat(plugin.health().data()).containsKey("answeredInMs");
        }
    }

    @Test
    void reportsTheHealthOfTheDatabaseDuringAFault() throws Exception {
        DatabasePlugin plugin = new DatabasePlugin();
        try (LynxTest lynx = started(plugin, "jdbc:h2:mem:faults")) {
            FaultSwitch fault = lynx.resource(DatabasePlugin.FAULT);

            fault.set(DatabaseFault.DOWN);
            assertThatThrownBy(plugin::health).isInstanceOf(SQLTransientConnectionException.class);

            fault.set(DatabaseFault.SLOW);
            assertThat(plugin.health().status()).isEqualTo(HealthStatus.DEGRADED);

            fault.set(DatabaseFault.UP);
            assertThat(plugin.health().status()).isEqualTo(HealthStatus.UP);
        }
    }

    @Test
    void failsFastWithTheCauseAndTheRemedy() throws Exception {
        DatabasePlugin plugin = new DatabasePlugin();
        try (RecordingContext context =
                RecordingContext.onRealTime(plugin.descriptor()).config(config("jdbc:h2:tcp://localhost:1/none"))) {
            assertThatThrownBy(() -> plugin.start(context))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith(
                            "orders.database.url: 'jdbc:h2:tcp://localhost:1/none' cannot be opened: Connection is"
                                    + " broken")
                    .hasMessageEndingWith("; check the URL and the user, and that no other process has the file open")
                    .hasCauseInstanceOf(SQLException.class);
        }
    }

    @Test
    void keepsOrdersInAFileAndClosesIt() throws Exception {
        String inFile = "jdbc:h2:file:" + folder.resolve("orders");
        Order placed;
        try (LynxTest lynx = started(new DatabasePlugin(), inFile)) {
            placed = lynx.resource(DatabasePlugin.ORDERS).place(LAMP, Instant.EPOCH);
        }

        try (LynxTest lynx = started(new DatabasePlugin(), inFile)) {
            assertThat(lynx.resource(DatabasePlugin.ORDERS).find(placed.id())).contains(placed);
        }
    }

    @Test
    void forgetsAnInMemoryDatabaseWhenItStops() throws Exception {
        try (LynxTest lynx = started(new DatabasePlugin(), "jdbc:h2:mem:forgotten")) {
            lynx.resource(DatabasePlugin.ORDERS).place(LAMP, Instant.EPOCH);

            lynx.restart();

            assertThat(lynx.resource(DatabasePlugin.ORDERS).page(0, 10)).isEmpty();
        }
    }
}
