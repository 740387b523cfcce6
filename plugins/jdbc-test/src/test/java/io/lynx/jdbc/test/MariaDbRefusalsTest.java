package io.lynx.jdbc.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.lynx.jdbc.JdbcPlugin;
import io.lynx.jdbc.ReadOnlyDatabaseException;
import io.lynx.jdbc.SqlFailures;
import io.lynx.jdbc.Transactions;
import io.lynx.jdbc.outbox.EventInbox;
import io.lynx.jdbc.outbox.InboxPlugin;
import io.lynx.recovery.Classification;
import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.CircuitBreakerState;
import io.lynx.testkit.Await;
import io.lynx.testkit.LoopbackCertificate;
import io.lynx.testkit.LynxTest;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What MariaDB refuses, most of which it reports with the SQLState HY000, or with one that its driver takes for a lost connection. */
class MariaDbRefusalsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MORE_THAN_THE_BREAKER_TAKES = 10;

    private static MariaDbServer server;

    @BeforeAll
    static void startServer(@TempDir Path folder) throws Exception {
        server = MariaDbServer.started(LoopbackCertificate.make(folder));
    }

    @AfterAll
    static void closeServer() throws InterruptedException {
        server.close();
    }

    private static LynxTest.Builder application() {
        return LynxTest.of(new JdbcPlugin(), new InboxPlugin())
                .with("lynx.jdbc.url", server.url())
                .with("lynx.jdbc.user", MariaDbServer.USER)
                .with("lynx.jdbc.password", MariaDbServer.PASSWORD)
                .with("lynx.jdbc.pool_size", "1")
                .with("lynx.jdbc.migrations.enabled", "false")
                .with("lynx.health_check.interval", "500ms")
                .with("lynx.health_check.failure_threshold", "1");
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

    private static int number(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            boolean _ = row.next();
            return row.getInt(1);
        }
    }

    private static int connectionId(DataSource database) throws SQLException {
        try (Connection connection = database.getConnection()) {
            return number(connection, "SELECT connection_id()");
        }
    }

    private static String state(Throwable failure) {
        return failure instanceof SQLException sql ? sql.getSQLState() : String.valueOf(failure);
    }

    private static String health(LynxTest lynx) {
        return String.valueOf(lynx.application()
                .health()
                .snapshot()
                .check("jdbc")
                .orElseThrow()
                .last());
    }

    private static void awaitUp(LynxTest lynx) {
        Await.until("health is up again", PATIENCE, () -> health(lynx).contains("status=UP"));
    }

    private static void breakerIsClosed(LynxTest lynx) {
        assertThat(lynx.application().breakers().find("jdbc").map(CircuitBreaker::state))
                .contains(CircuitBreakerState.CLOSED);
    }

    /** The driver reports it as a lost connection. */
    @Test
    void whatATriggerSignalsIsNotAnOutage() throws SQLException {
        server.execute(
                "CREATE TABLE test.payment (amount INT)",
                "CREATE TRIGGER test.positive BEFORE INSERT ON test.payment FOR EACH ROW IF NEW.amount < 0 THEN"
                        + " SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'amount must be positive'; END IF");
        try (LynxTest lynx = application().start()) {
            DataSource database = lynx.resource(JdbcPlugin.key());

            for (int i = 0; i < MORE_THAN_THE_BREAKER_TAKES; i++) {
                Throwable failure = catchThrowable(() -> execute(database, "INSERT INTO payment VALUES (-1)"));

                assertThat(failure)
                        .isInstanceOf(SQLTransientConnectionException.class)
                        .hasMessageContaining("amount must be positive");
                assertThat(SqlFailures.isOutage(failure)).isFalse();
                assertThat(Classification.isExternal(failure)).isFalse();
            }

            breakerIsClosed(lynx);
            execute(database, "INSERT INTO payment VALUES (1)");
        }
    }

    @Test
    void aConnectionToAServerThatNoLongerWritesIsReplaced() throws SQLException {
        server.execute("CREATE TABLE test.item (id INT PRIMARY KEY)");
        try (LynxTest lynx = application().start()) {
            DataSource database = lynx.resource(JdbcPlugin.key());
            int before = connectionId(database);
            server.execute("SET GLOBAL read_only = 1");

            Await.until("health names the reason", PATIENCE, () -> {
                Throwable failure = catchThrowable(() -> execute(database, "INSERT INTO item VALUES (1)"));
                assertThat(failure)
                        .isInstanceOf(ReadOnlyDatabaseException.class)
                        .matches(Classification::isExternal);
                assertThat(state(failure)).isEqualTo("25006");
                return health(lynx).contains("refuses writes: the database");
            });

            assertThat(connectionId(database)).isNotEqualTo(before);
            breakerIsClosed(lynx);
            server.execute("SET GLOBAL read_only = 0");
            execute(database, "INSERT INTO item VALUES (1)");
            awaitUp(lynx);
            assertThat(lynx.metrics()
                            .value(
                                    "lynx_db_errors_total",
                                    "database",
                                    "default",
                                    "type",
                                    "write",
                                    "error_type",
                                    "read_only"))
                    .isPositive();
        } finally {
            server.execute("SET GLOBAL read_only = 0");
        }
    }

    /** A small table in memory stands for a disk. */
    @Test
    void aTableThatIsFullRefusesWritesAndReadsGoOn() throws SQLException {
        server.execute(
                "SET SESSION max_heap_table_size = 16384", "CREATE TABLE test.small (text CHAR(250)) ENGINE = MEMORY");
        try (LynxTest lynx = application().start()) {
            DataSource database = lynx.resource(JdbcPlugin.key());
            String fill = "INSERT INTO small SELECT repeat('a', 250) FROM seq_1_to_10000";

            Await.until("health names the reason", PATIENCE, () -> {
                for (int i = 0; i < MORE_THAN_THE_BREAKER_TAKES; i++) {
                    Throwable failure = catchThrowable(() -> execute(database, fill));
                    assertThat(state(failure)).as(String.valueOf(failure)).isEqualTo("53100");
                    assertThat(failure).matches(Classification::isExternal);
                }
                return health(lynx).contains("is full");
            });

            breakerIsClosed(lynx);
            execute(database, "SELECT count(*) FROM small");
            execute(database, "DELETE FROM small");
            execute(database, "INSERT INTO small VALUES ('fits')");
            awaitUp(lynx);
        }
    }

    @Test
    void aWriteToARowThatHasChangedIsRepeated() throws SQLException {
        server.execute(
                "CREATE TABLE test.stock (id INT PRIMARY KEY, units INT)", "INSERT INTO test.stock VALUES (1, 5)");
        try (LynxTest lynx = application()
                .with("lynx.jdbc.properties.sessionVariables", "innodb_snapshot_isolation=1")
                .start()) {
            Transactions transactions = lynx.resource(JdbcPlugin.transactions());
            AtomicInteger attempts = new AtomicInteger();

            int units = transactions.in(connection -> {
                int read = number(connection, "SELECT units FROM stock WHERE id = 1");
                if (attempts.incrementAndGet() == 1) {
                    server.execute("UPDATE test.stock SET units = 7 WHERE id = 1");
                }
                execute(connection, "UPDATE stock SET units = " + (read - 1) + " WHERE id = 1");
                return read - 1;
            });

            assertThat(attempts).hasValue(2);
            assertThat(units).isEqualTo(6);
            assertThat(server.count("SELECT units FROM test.stock")).isEqualTo(6);
            assertThat(lynx.metrics().value("lynx_db_transactions_total", "database", "default", "outcome", "conflict"))
                    .isEqualTo(1);
        }
    }

    /** The default collation ignores case, accents and spaces at the end. */
    @Test
    void anInboxTakesNoIdForAnother() throws SQLException {
        try (LynxTest lynx = application().start()) {
            Transactions transactions = lynx.resource(JdbcPlugin.transactions());
            EventInbox inbox = lynx.resource(InboxPlugin.key());

            for (String id : List.of("e-1", "E-1", "é-1", "e-1 ", "x".repeat(200))) {
                boolean isFirst = transactions.in(connection -> inbox.once(connection, id, _ -> id));
                boolean isSecond = transactions.in(connection -> inbox.once(connection, id, _ -> id));

                assertThat(isFirst).as(id).isTrue();
                assertThat(isSecond).as(id).isFalse();
            }
        }
    }
}
