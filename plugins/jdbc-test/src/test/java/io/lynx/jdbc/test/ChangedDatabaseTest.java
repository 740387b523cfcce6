package io.lynx.jdbc.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.app.ApplicationState;
import io.lynx.health.HealthCheckOptions.Group;
import io.lynx.health.HealthStatus;
import io.lynx.jdbc.JdbcPlugin;
import io.lynx.jdbc.Transactions;
import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.CircuitBreakerState;
import io.lynx.testkit.LynxTest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Databases whose tables change while the service runs, and a replica that is not there. */
class ChangedDatabaseTest {
    /** From the fifth execution on, the driver of PostgreSQL lets the server keep the statement. */
    private static final int UNTIL_PREPARED = 6;

    private static LynxTest.Builder with(LynxTest.Builder builder, Postgres postgres) {
        return builder.with("lynx.jdbc.url", postgres.url())
                .with("lynx.jdbc.user", postgres.user())
                .with("lynx.jdbc.password", postgres.password())
                .with("lynx.jdbc.pool_size", "1");
    }

    private static int columns(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT * FROM item WHERE id = ?")) {
            statement.setInt(1, 1);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.getMetaData().getColumnCount();
            }
        }
    }

    private static int columns(DataSource database) throws SQLException {
        try (Connection connection = database.getConnection()) {
            return columns(connection);
        }
    }

    private static void change(Connection direct, String sql) throws SQLException {
        try (PreparedStatement statement = direct.prepareStatement(sql)) {
            boolean _ = statement.execute();
        }
    }

    @Test
    void statementsThatWerePreparedBeforeAChangeOfTheirTableSucceed() throws SQLException {
        try (Postgres postgres = Postgres.schemaFor(getClass());
                Connection direct = postgres.connect()) {
            change(direct, "CREATE TABLE item (id INT)");
            try (LynxTest lynx = with(LynxTest.of(new JdbcPlugin()), postgres).start()) {
                DataSource database = lynx.resource(JdbcPlugin.key());
                Transactions transactions = lynx.resource(JdbcPlugin.transactions());
                for (int i = 0; i < UNTIL_PREPARED; i++) {
                    assertThat(columns(database)).isEqualTo(1);
                }

                change(direct, "ALTER TABLE item ADD COLUMN name TEXT");
                int alone = columns(database);
                for (int i = 0; i < UNTIL_PREPARED; i++) {
                    int _ = columns(database);
                }
                change(direct, "ALTER TABLE item ADD COLUMN price INT");

                assertThat(alone).isEqualTo(2);
                // PostgreSQL ends the transaction, so its work is repeated as a whole.
                int within = transactions.in(ChangedDatabaseTest::columns);
                assertThat(within).isEqualTo(3);
                assertThat(lynx.application().breakers().find("jdbc").map(CircuitBreaker::state))
                        .contains(CircuitBreakerState.CLOSED);
            }
        }
    }

    @Test
    void aReplicaThatCannotBeReachedDoesNotAffectTheDatabase() throws SQLException {
        try (Postgres postgres = Postgres.schemaFor(getClass());
                LynxTest lynx = with(LynxTest.of(new JdbcPlugin(), new JdbcPlugin("replica")), postgres)
                        .with("lynx.jdbc.replica.url", "jdbc:postgresql://127.0.0.1:1/postgres")
                        .with("lynx.jdbc.replica.read_only", "true")
                        .with("lynx.jdbc.replica.startup", "degrade")
                        .start()) {
            DataSource replica = lynx.resource(JdbcPlugin.key("replica"));

            assertThat(lynx.application().state()).isEqualTo(ApplicationState.READY);
            assertThat(lynx.application().health().snapshot().status(Group.READINESS))
                    .isNotEqualTo(HealthStatus.DOWN);
            assertThatThrownBy(replica::getConnection)
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("jdbc.replica");
            try (Connection connection = lynx.resource(JdbcPlugin.key()).getConnection()) {
                assertThat(connection.isValid(5)).isTrue();
            }
        }
    }
}
