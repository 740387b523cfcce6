package io.lynx.jdbc.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.lynx.extension.Registration;
import io.lynx.health.HealthEvent;
import io.lynx.jdbc.JdbcPlugin;
import io.lynx.jdbc.ReadOnlyDatabaseException;
import io.lynx.jdbc.Transactions;
import io.lynx.recovery.Classification;
import io.lynx.testkit.Await;
import io.lynx.testkit.LynxTest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Databases that only read, since they are configured so, or since the server has become a replica. */
class ReadOnlyDatabaseTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static LynxTest start(Postgres postgres, String... settings) {
        LynxTest.Builder builder = LynxTest.of(new JdbcPlugin())
                .with("lynx.jdbc.url", postgres.url())
                .with("lynx.jdbc.user", postgres.user())
                .with("lynx.jdbc.password", postgres.password())
                .with("lynx.jdbc.pool_size", "1");
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            builder.with(setting.substring(0, equals), setting.substring(equals + 1));
        }
        return builder.start();
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            boolean _ = statement.execute(sql);
        }
    }

    private static void execute(DataSource database, String sql) throws SQLException {
        try (Connection connection = database.getConnection()) {
            execute(connection, sql);
        }
    }

    private static int backend(DataSource database) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
            boolean _ = row.next();
            return row.getInt(1);
        }
    }

    private static String health(LynxTest lynx) {
        return String.valueOf(lynx.application()
                .health()
                .snapshot()
                .check("jdbc")
                .orElseThrow()
                .last());
    }

    private static String state(Throwable failure) {
        return failure instanceof SQLException sql ? sql.getSQLState() : String.valueOf(failure);
    }

    @Test
    void aDatabaseThatIsConfiguredSoRefusesWritesWithAndWithoutATransaction() throws SQLException {
        try (Postgres postgres = Postgres.schemaFor(getClass());
                Connection direct = postgres.connect();
                LynxTest lynx = start(postgres, "lynx.jdbc.read_only=true")) {
            execute(direct, "CREATE TABLE item (id INT)");
            DataSource database = lynx.resource(JdbcPlugin.key());
            Transactions transactions = lynx.resource(JdbcPlugin.transactions());

            Throwable alone = catchThrowable(() -> execute(database, "INSERT INTO item VALUES (1)"));
            Throwable asked = catchThrowable(() -> {
                try (Connection connection = database.getConnection()) {
                    connection.setReadOnly(false);
                    execute(connection, "INSERT INTO item VALUES (1)");
                }
            });
            Throwable inside = catchThrowable(() -> transactions.in(connection -> {
                execute(connection, "INSERT INTO item VALUES (1)");
                return 1;
            }));

            assertThat(state(alone)).isEqualTo("25006");
            assertThat(state(asked)).isEqualTo("25006");
            assertThat(state(inside)).isEqualTo("25006");
            execute(database, "SELECT id FROM item");
        }
    }

    @Test
    void aConnectionToAServerThatNoLongerWritesIsReplaced() throws SQLException {
        try (Postgres postgres = Postgres.schemaFor(getClass());
                LynxTest lynx =
                        start(postgres, "lynx.health_check.interval=500ms", "lynx.health_check.failure_threshold=1")) {
            DataSource database = lynx.resource(JdbcPlugin.key());
            execute(database, "CREATE TABLE item (id INT)");
            execute(database, "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY");
            int before = backend(database);
            // One check in a row of many names the reason.
            List<String> reports = new CopyOnWriteArrayList<>();
            Registration _ = lynx.application().health().addListener("test", event -> {
                if (event instanceof HealthEvent.CheckRan ran) {
                    reports.add(String.valueOf(ran.report().last()));
                }
            });

            Throwable failure = catchThrowable(() -> execute(database, "INSERT INTO item VALUES (1)"));

            assertThat(state(failure)).isEqualTo("25006");
            assertThat(failure).isInstanceOf(ReadOnlyDatabaseException.class).matches(Classification::isExternal);
            Await.until("health names the reason", PATIENCE, () -> reports.stream()
                    .anyMatch(report -> report.contains("refuses writes: the database")));
            Await.until("health is up again", PATIENCE, () -> health(lynx).contains("status=UP"));
            assertThat(backend(database)).isNotEqualTo(before);
            execute(database, "INSERT INTO item VALUES (1)");
            assertThat(lynx.metrics()
                            .value(
                                    "lynx_db_errors_total",
                                    "database",
                                    "default",
                                    "type",
                                    "write",
                                    "error_type",
                                    "read_only"))
                    .isEqualTo(1);
        }
    }
}
