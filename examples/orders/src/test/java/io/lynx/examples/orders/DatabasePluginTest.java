package io.lynx.examples.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.health.HealthStatus;
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

    @Test
    void sharesADatabaseThatWorks() throws Exception {
        DatabasePlugin plugin = new DatabasePlugin();
        try (RecordingContext context = RecordingContext.onRealTime("test").config(config("jdbc:h2:mem:shares"))) {
            plugin.start(context);

            OrderRepository orders = context.resource(DatabasePlugin.ORDERS);
            Order placed = orders.place(LAMP, Instant.EPOCH);

            assertThat(orders.find(placed.id())).contains(placed);
            assertThat(plugin.health().status()).isEqualTo(HealthStatus.UP);
            assertThat(plugin.health().data()).containsKey("answeredInMs");
        }
    }

    @Test
    void saysHowTheDatabaseIsWhileAFaultIsOn() throws Exception {
        DatabasePlugin plugin = new DatabasePlugin();
        try (RecordingContext context = RecordingContext.onRealTime("test").config(config("jdbc:h2:mem:faults"))) {
            plugin.start(context);
            FaultSwitch fault = context.resource(DatabasePlugin.FAULT);

            fault.set(DatabaseFault.DOWN);
            assertThatThrownBy(plugin::health).isInstanceOf(SQLTransientConnectionException.class);

            fault.set(DatabaseFault.SLOW);
            assertThat(plugin.health().status()).isEqualTo(HealthStatus.DEGRADED);

            fault.set(DatabaseFault.UP);
            assertThat(plugin.health().status()).isEqualTo(HealthStatus.UP);
        }
    }

    @Test
    void failsFastWithTheCulpritAndTheRemedy() throws Exception {
        try (RecordingContext context =
                RecordingContext.onRealTime("test").config(config("jdbc:h2:tcp://localhost:1/none"))) {
            assertThatThrownBy(() -> new DatabasePlugin().start(context))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith(
                            "orders.database.url: 'jdbc:h2:tcp://localhost:1/none' cannot be opened: Connection is broken")
                    .hasMessageEndingWith("; check the URL, the user and that nobody else has the file open")
                    .hasCauseInstanceOf(SQLException.class);
        }
    }

    @Test
    void keepsOrdersInAFileAndLetsGoOfIt() throws Exception {
        DatabaseConfig inFile = config("jdbc:h2:file:" + folder.resolve("orders"));
        Order placed;
        try (RecordingContext context = RecordingContext.onRealTime("test").config(inFile)) {
            new DatabasePlugin().start(context);
            placed = context.resource(DatabasePlugin.ORDERS).place(LAMP, Instant.EPOCH);
        }

        assertThat(DatabaseThreads.haveEnded()).isTrue();

        try (RecordingContext context = RecordingContext.onRealTime("test").config(inFile)) {
            new DatabasePlugin().start(context);
            assertThat(context.resource(DatabasePlugin.ORDERS).find(placed.id()))
                    .contains(placed);
        }
    }

    @Test
    void forgetsAnInMemoryDatabaseWhenItStops() throws Exception {
        DatabaseConfig inMemory = config("jdbc:h2:mem:forgotten");
        try (RecordingContext context = RecordingContext.onRealTime("test").config(inMemory)) {
            new DatabasePlugin().start(context);
            context.resource(DatabasePlugin.ORDERS).place(LAMP, Instant.EPOCH);
        }

        try (RecordingContext context = RecordingContext.onRealTime("test").config(inMemory)) {
            new DatabasePlugin().start(context);
            assertThat(context.resource(DatabasePlugin.ORDERS).page(0, 10)).isEmpty();
        }
    }
}
