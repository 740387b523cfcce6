package io.lynx.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.extension.Registration;
import io.lynx.jdbc.Transactions.Isolation;
import io.lynx.plugin.PluginContext;
import io.lynx.testkit.LynxTest;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** The code of the guide to databases. */
class JdbcGuideTest {
    @Test
    void transactions() throws SQLException {
        try (LynxTest lynx = TestDatabase.start("migrations.enabled=false")) {
            TestDatabase.execute(
                    TestDatabase.of(lynx),
                    "CREATE TABLE account (id INT PRIMARY KEY, balance INT)",
                    "INSERT INTO account VALUES (1, 100), (2, 0)");
            Transactions transactions = lynx.resource(JdbcPlugin.transactions("orders"));

            transfer(transactions, 1, 2, 40);

            assertThat(TestDatabase.count(TestDatabase.of(lynx), "SELECT balance FROM account WHERE id = 2"))
                    .isEqualTo(40);
        }
    }

    @Test
    void anOutageWithoutAServer() throws SQLException {
        try (LynxTest lynx = LynxTest.of(new JdbcPlugin())
                .with("lynx.jdbc.url", TestDatabase.url())
                .with("lynx.jdbc.migrations.enabled", "false")
                .start()) {
            DataSource database = lynx.resource(JdbcPlugin.key());

            Registration outage = switchOff(lynx.context("jdbc"));
            assertThatThrownBy(database::getConnection)
                    .hasMessage("the database is switched off")
                    .satisfies(
                            failure -> assertThat(SqlFailures.isOutage(failure)).isTrue());

            outage.close();
            database.getConnection().close();
        }
    }

    // snippet: database-transaction
    private static void transfer(Transactions transactions, int from, int to, int amount) throws SQLException {
        transactions.with(Isolation.SERIALIZABLE).in(connection -> {
            try (PreparedStatement update =
                    connection.prepareStatement("UPDATE account SET balance = balance + ? WHERE id = ?")) {
                update.setInt(1, -amount);
                update.setInt(2, from);
                update.executeUpdate();
                update.setInt(1, amount);
                update.setInt(2, to);
                return update.executeUpdate();
            }
        });
    }
    // end

    // snippet: database-outage
    private static Registration switchOff(PluginContext context) {
        return context.resource(JdbcPlugin.hooks()).add(context, () -> {
            throw new SQLTransientConnectionException("the database is switched off", "08001");
        });
    }
    // end
}
