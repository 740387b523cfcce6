package io.lynx.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.jdbc.Transactions.Isolation;
import io.lynx.testkit.LynxTest;
import java.sql.PreparedStatement;
import java.sql.SQLException;
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
}
