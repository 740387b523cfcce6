package io.lynx.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.app.ShutdownReport;
import io.lynx.config.ConfigSources;
import io.lynx.config.ConfigurationException;
import io.lynx.extension.Registration;
import io.lynx.health.Health;
import io.lynx.health.HealthStatus;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginStatus;
import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.CircuitBreakerState;
import io.lynx.testkit.Await;
import io.lynx.testkit.LynxTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JdbcPluginTest {
    @Test
    void sectionsInTheConfigurationAreDatabases(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("config.yml"), """
            lynx:
              application: {name: test, version: '1'}
              metrics: {prometheus: {port: 0}}
              jdbc:
                url: %s
                pool_size: 2
                orders:
                  url: %s
                  user: sa
            """.formatted(TestDatabase.url(), TestDatabase.url()));
        try (LynxTest lynx = LynxTest.application(
                        app -> app.configuration(ConfigSources.none().workingDirectory(folder)))
                .start()) {
            assertThat(lynx.application().plugins().stream().map(PluginStatus::id))
                    .contains("jdbc", "jdbc.orders");
            TestDatabase.execute(lynx.resource(JdbcPlugin.key()), "CREATE TABLE here (id INT)");
            TestDatabase.execute(TestDatabase.of(lynx), "CREATE TABLE here (id INT)");
            assertThat(lynx.metrics().value("lynx_db_connections", "database", "default", "type", "max"))
                    .isEqualTo(2);
            assertThat(lynx.metrics().value("lynx_db_connections", "database", "orders", "type", "max"))
                    .isEqualTo(10);
        }
    }

    @Test
    void mistakesInTheConfigurationAreNamed() {
        assertThatThrownBy(() -> TestDatabase.start("pool_size=0")).hasMessageContaining("lynx.jdbc.orders.pool_size");
        assertThatThrownBy(() -> LynxTest.of(new JdbcPlugin()).start())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("lynx.jdbc.url");
        assertThatThrownBy(() -> LynxTest.of(new JdbcPlugin())
                        .with("lynx.jdbc.url", "postgresql://db")
                        .start())
                .hasMessageContaining("does not begin with jdbc:");
        assertThatThrownBy(() -> new JdbcPlugin("Orders")).hasMessageContaining("'Orders' is not a name");
        assertThatThrownBy(() -> TestDatabase.start("tls.enabled=true")).hasStackTraceContaining("tls");
    }

    @Test
    void statementsAreMeasuredByName() throws SQLException {
        try (LynxTest lynx = TestDatabase.start("migrations.enabled=false")) {
            DataSource database = TestDatabase.of(lynx);
            TestDatabase.execute(database, "CREATE TABLE item (id INT PRIMARY KEY)");

            try (Connection connection = database.getConnection();
                    PreparedStatement insert = connection.prepareStatement("INSERT INTO item VALUES (?)");
                    PreparedStatement find =
                            connection.prepareStatement("/* items.find */ SELECT id FROM item WHERE id = ?")) {
                insert.setInt(1, 1);
                insert.addBatch();
                insert.setInt(1, 2);
                insert.addBatch();
                assertThat(insert.executeBatch()).containsExactly(1, 1);
                find.setInt(1, 2);
                find.executeQuery().close();
                assertThat(find.getConnection()).isSameAs(connection);
                assertThat(connection.unwrap(org.h2.jdbc.JdbcConnection.class)).isNotNull();
            }
            assertThatThrownBy(() -> TestDatabase.execute(database, "INSERT INTO item VALUES (1)"))
                    .isInstanceOf(SQLException.class);

            assertThat(queries(lynx, "write", "INSERT item")).isEqualTo(2);
            assertThat(queries(lynx, "read", "items.find")).isEqualTo(1);
            assertThat(lynx.metrics()
                            .value(
                                    "lynx_db_errors_total",
                                    "database",
                                    "orders",
                                    "type",
                                    "write",
                                    "error_type",
                                    "constraint"))
                    .isEqualTo(1);
        }
    }

    private static double queries(LynxTest lynx, String type, String operation) {
        return lynx.metrics()
                .value("lynx_db_queries_total", "database", "orders", "type", type, "operation", operation);
    }

    @Test
    void callsOfProceduresAreMeasured() throws SQLException {
        try (LynxTest lynx = TestDatabase.start("migrations.enabled=false");
                Connection connection = TestDatabase.of(lynx).getConnection();
                CallableStatement call = connection.prepareCall("CALL 1 + 1")) {
            assertThat(call.execute()).isTrue();
            assertThat(call.getConnection()).isSameAs(connection);
            assertThatThrownBy(() -> connection.prepareCall("CALL nothing()").execute())
                    .isInstanceOf(SQLException.class);

            assertThat(queries(lynx, "write", "CALL")).isEqualTo(1);
        }
    }

    @Test
    void slowStatementsAreLoggedWithoutValues() throws SQLException {
        try (LynxTest lynx = TestDatabase.start("slow_query=1us", "migrations.enabled=false")) {
            DataSource database = TestDatabase.of(lynx);
            TestDatabase.execute(database, "CREATE TABLE item (name VARCHAR(50))");
            for (int i = 0; i < 3; i++) {
                TestDatabase.execute(database, "INSERT INTO item VALUES ('very private')");
            }

            String line = lynx.logs().await("INSERT INTO item").message();
            assertThat(line).isEqualTo("Slow statement: INSERT INTO item VALUES (?)");
            assertThat(lynx.logs().containing("INSERT INTO item")).hasSize(1);
            assertThat(lynx.logs().containing("very private")).isEmpty();
            assertThat(lynx.metrics()
                            .value("lynx_slow_operations_total", "operation_type", "query", "component", "jdbc.orders"))
                    .isGreaterThanOrEqualTo(4);
        }
    }

    @Test
    void aDatabaseInMemoryLivesAsLongAsThePlugin() throws SQLException {
        try (LynxTest lynx = TestDatabase.start("migrations.enabled=false")) {
            DataSource database = TestDatabase.of(lynx);
            TestDatabase.execute(database, "CREATE TABLE item (id INT)");

            lynx.resource(JdbcPlugin.key("orders")).unwrap(ManagedDataSource.class);
            assertThat(TestDatabase.count(database, "SELECT count(*) FROM item"))
                    .isZero();
        }
    }

    @Test
    void anEmbeddedDatabaseEndsWithThePlugin() throws SQLException {
        String url = TestDatabase.url();
        LynxTest lynx = LynxTest.of(new JdbcPlugin("orders"))
                .with("lynx.jdbc.orders.url", url)
                .with("lynx.jdbc.orders.migrations.enabled", "false")
                // A fifth of it is left when the uses have been cut off.
                .with("lynx.shutdown.plugin_timeout", "5s")
                .start();
        TestDatabase.execute(TestDatabase.of(lynx), "CREATE TABLE item (id INT)");
        Connection forgotten = TestDatabase.of(lynx).getConnection();
        DriverManager.getConnection(url + ";IFEXISTS=TRUE").close();

        ShutdownReport report = lynx.stop();

        assertThat(report.plugins()).anySatisfy(plugin -> assertThat(plugin.failure())
                .contains("1 uses were cut off")
                .contains(Thread.currentThread().getName()));
        assertThatThrownBy(() -> DriverManager.getConnection(url + ";IFEXISTS=TRUE"))
                .hasMessageContaining("not found");
        assertThat(forgotten.isClosed()).isTrue();
        forgotten.close();
    }

    @Test
    void theDescriptionOfADatabaseLeadsBackToTheManagedConnection() throws SQLException {
        try (LynxTest lynx = TestDatabase.start("migrations.enabled=false");
                Connection connection = TestDatabase.of(lynx).getConnection()) {
            DatabaseMetaData description = connection.getMetaData();

            assertThat(description.getConnection()).isSameAs(connection);
            assertThat(description.getDatabaseProductName()).isEqualTo("H2");
            assertThatThrownBy(() -> description.getTables(null, null, null, new String[] {null}))
                    .isInstanceOf(SQLException.class);
        }
    }

    @Test
    void aMissingDriverIsNamed() {
        assertThatThrownBy(() -> LynxTest.of(new JdbcPlugin())
                        .with("lynx.jdbc.url", "jdbc:nothing://u:secret@db/x")
                        .start())
                .hasStackTraceContaining("url: no driver for 'jdbc:nothing' is on the class path")
                .hasMessageNotContaining("secret");
    }

    @Test
    void anOutageIsReportedAndEndsWithoutWaitingForTheNextCheck() {
        try (LynxTest lynx = TestDatabase.start("migrations.enabled=false")) {
            TestDatabase.awaitFirstCheck(lynx);
            DataSource database = TestDatabase.of(lynx);
            PluginContext context = lynx.context("jdbc.orders");
            CircuitBreaker breaker = context.breakers().get("jdbc.orders");

            Registration outage = context.resource(JdbcPlugin.hooks("orders")).add(context, () -> {
                throw new SQLTransientConnectionException("away", "08001");
            });
            while (breaker.state() == CircuitBreakerState.CLOSED) {
                assertThatThrownBy(database::getConnection).isInstanceOf(SQLException.class);
            }

            // The interval of the check is 30 s.
            Await.until("the outage is reported", () -> status(lynx) == HealthStatus.DOWN);
            outage.close();
            Await.until("the breaker is closed", () -> breaker.state() == CircuitBreakerState.CLOSED);
        }
    }

    private static HealthStatus status(LynxTest lynx) {
        return lynx.application()
                .health()
                .snapshot()
                .check("jdbc.orders")
                .orElseThrow()
                .status();
    }

    @Test
    void healthShowsTheAddressTheVersionAndThePool() {
        try (LynxTest lynx = TestDatabase.start("migrations.enabled=false")) {
            TestDatabase.awaitFirstCheck(lynx);
            assertThat(check(lynx)).isNotNull().satisfies(last -> assertThat(last.data())
                    .containsKeys("address", "answeredInMs", "active", "idle", "waiting")
                    .containsEntry("max", 10)
                    .hasEntrySatisfying(
                            "version", version -> assertThat(version.toString()).startsWith("H2 2.")));
        }
    }

    private static @Nullable Health check(LynxTest lynx) {
        return lynx.application()
                .health()
                .snapshot()
                .check("jdbc.orders")
                .orElseThrow()
                .last();
    }

    @Test
    void connectionsOfTheUserAreThoseOfThePool() throws SQLException {
        try (LynxTest lynx = TestDatabase.start("pool_size=1", "max_wait=0s", "migrations.enabled=false")) {
            DataSource database = TestDatabase.of(lynx);
            try (Connection first = database.getConnection();
                    Statement statement = first.createStatement()) {
                assertThat(statement.execute("SELECT 1")).isTrue();
                assertThatThrownBy(database::getConnection)
                        .isInstanceOf(PoolExhaustedException.class)
                        .hasMessageContaining("jdbc.orders: all 1 connections are in use");
                first.close();
                first.close();
                database.getConnection().close();
            }
            assertThat(TestDatabase.count(database, "SELECT 1")).isEqualTo(1);
            assertThatThrownBy(() -> database.getConnection("other", "x")).isInstanceOf(SQLException.class);
        }
    }
}
