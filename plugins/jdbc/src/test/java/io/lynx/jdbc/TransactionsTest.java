package io.lynx.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.jdbc.Transactions.Isolation;
import io.lynx.testkit.LynxTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TransactionsTest {
    private LynxTest lynx;
    private Transactions transactions;

    @BeforeEach
    void start() throws SQLException {
        lynx = TestDatabase.start("migrations.enabled=false");
        transactions = lynx.resource(JdbcPlugin.transactions("orders"));
        TestDatabase.execute(TestDatabase.of(lynx), "CREATE TABLE item (id INT)");
    }

    @AfterEach
    void close() {
        lynx.close();
    }

    private int items() throws SQLException {
        return TestDatabase.count(TestDatabase.of(lynx), "SELECT count(*) FROM item");
    }

    private static int insert(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate("INSERT INTO item VALUES (1)");
        }
    }

    private double outcomes(String outcome) {
        return lynx.metrics()
                .find("lynx_db_transactions_total", "database", "orders", "outcome", outcome)
                .orElse(0);
    }

    @Test
    void workIsCommitted() throws SQLException {
        int inserted = transactions.in(TransactionsTest::insert);

        assertThat(inserted).isEqualTo(1);
        assertThat(items()).isEqualTo(1);
        assertThat(outcomes("committed")).isEqualTo(1);
    }

    @Test
    void workThatThrowsIsRolledBack() throws SQLException {
        assertThatThrownBy(() -> transactions.in(connection -> {
                    int _ = insert(connection);
                    throw new IllegalStateException("stop");
                }))
                .hasMessage("stop");

        assertThat(items()).isZero();
        assertThat(outcomes("rolled_back")).isEqualTo(1);
    }

    @Test
    void aConflictIsRepeated() throws SQLException {
        AtomicInteger attempts = new AtomicInteger();

        int result = transactions.in(connection -> {
            int _ = insert(connection);
            if (attempts.incrementAndGet() < 3) {
                throw new SQLTransactionRollbackException("deadlock", "40001");
            }
            return attempts.get();
        });

        assertThat(result).isEqualTo(3);
        assertThat(items()).isEqualTo(1);
        assertThat(outcomes("conflict")).isEqualTo(2);
    }

    @Test
    void aConflictWithoutEndReachesTheCaller() {
        AtomicInteger attempts = new AtomicInteger();

        assertThatThrownBy(() -> transactions.in(_ -> {
                    attempts.incrementAndGet();
                    throw new SQLTransactionRollbackException("deadlock", "40001");
                }))
                .isInstanceOf(SQLTransactionRollbackException.class);

        assertThat(attempts).hasValueBetween(2, 5);
    }

    @Test
    void onlyConflictsAreRepeated() {
        for (String state : List.of("40000", "40002", "40003", "08006", "57P01", "23505")) {
            AtomicInteger attempts = new AtomicInteger();

            assertThatThrownBy(() -> transactions.in(_ -> {
                        attempts.incrementAndGet();
                        throw new SQLTransactionRollbackException("no", state);
                    }))
                    .isInstanceOf(SQLTransactionRollbackException.class);

            assertThat(attempts).as(state).hasValue(1);
        }
    }

    @Test
    void innerWorkJoinsTheTransaction() throws SQLException {
        assertThatThrownBy(() -> transactions.in(outer -> {
                    int _ = transactions.in(inner -> {
                        assertThat(inner).isSameAs(outer);
                        return insert(inner);
                    });
                    throw new SQLException("no", "22000");
                }))
                .isInstanceOf(SQLException.class);

        assertThat(items()).isZero();
    }

    @Test
    void innerWorkDoesNotJoinATransactionThatIsolatesLess() throws SQLException {
        assertThatThrownBy(() -> transactions.in(
                        _ -> transactions.with(Isolation.SERIALIZABLE).in(TransactionsTest::insert)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("SERIALIZABLE is requested inside of a transaction that isolates less");
        int joined = transactions
                .with(Isolation.SERIALIZABLE)
                .in(_ -> transactions.with(Isolation.READ_COMMITTED).in(TransactionsTest::insert));

        assertThat(joined).isEqualTo(1);
        assertThat(items()).isEqualTo(1);
    }

    @Test
    void isolationHoldsForOneTransaction() throws SQLException {
        int within = transactions.with(Isolation.SERIALIZABLE).in(Connection::getTransactionIsolation);
        int later = transactions.in(Connection::getTransactionIsolation);

        assertThat(within).isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
        assertThat(later).isEqualTo(Connection.TRANSACTION_READ_COMMITTED);
    }
}
