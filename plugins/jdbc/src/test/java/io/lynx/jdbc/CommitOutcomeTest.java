package io.lynx.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.lynx.testkit.LynxTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A transaction whose commit was not answered may have been committed, so it is reported as such and never repeated. */
class CommitOutcomeTest {
    private FaultyDatabase faulty;
    private LynxTest lynx;
    private final AtomicInteger attempts = new AtomicInteger();

    @BeforeEach
    void open() throws SQLException {
        faulty = new FaultyDatabase();
        lynx = faulty.start("pool_size=1", "query_timeout=2s");
        TestDatabase.execute(TestDatabase.of(lynx), "CREATE TABLE item (id INT)");
    }

    @AfterEach
    void close() throws SQLException {
        lynx.close();
        faulty.close();
    }

    private int insert(Connection connection) throws SQLException {
        attempts.incrementAndGet();
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate("INSERT INTO item VALUES (1)");
        }
    }

    private Throwable attempt() {
        Transactions transactions = lynx.resource(JdbcPlugin.transactions("orders"));
        return catchThrowable(() -> {
            int _ = transactions.in(this::insert);
        });
    }

    private double outcomes(String outcome) {
        return lynx.metrics()
                .find("lynx_db_transactions_total", "database", "orders", "outcome", outcome)
                .orElse(0);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"40003", "08006", "08007", "08003", "57P01", "57P02", "58030", "HY000", "90067"})
    void aCommitWithoutAnAnswerIsReportedAndNotRepeated(@Nullable String state) {
        faulty.on("commit", _ -> {
            throw new SQLException("connection reset", state);
        });

        Throwable failure = attempt();

        assertThat(failure)
                .isInstanceOf(CommitOutcomeUnknownException.class)
                .hasMessageContaining("database 'orders'")
                .hasMessageContaining("connection reset")
                .hasMessageContaining("may have been committed or not");
        assertThat(((SQLException) failure).getSQLState()).isEqualTo("08007");
        assertThat(attempts).hasValue(1);
        assertThat(outcomes("unknown")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"23505", "40002", "25P02", "P0001"})
    void aCommitThatTheDatabaseRefusesIsNotUnknown(String state) {
        faulty.on("commit", _ -> {
            throw new SQLException("refused", state);
        });

        Throwable failure = attempt();

        assertThat(failure).isExactlyInstanceOf(SQLException.class).hasMessage("refused");
        assertThat(attempts).hasValue(1);
        assertThat(outcomes("rolled_back")).isEqualTo(1);
    }

    @Test
    void aConflictAtTheCommitIsRepeated() throws SQLException {
        faulty.on("commit", _ -> {
            if (attempts.get() < 3) {
                throw new SQLException("could not serialize access", "40001");
            }
        });

        assertThat(attempt()).isNull();

        assertThat(attempts).hasValue(3);
        assertThat(TestDatabase.count(TestDatabase.of(lynx), "SELECT count(*) FROM item"))
                .isEqualTo(1);
    }

    @Test
    void aCommitThatHangsIsCutOffAndUnknown() {
        faulty.on("commit", FaultyDatabase.Physical::hangUntilAborted);

        Throwable failure = attempt();

        assertThat(failure)
                .isInstanceOf(CommitOutcomeUnknownException.class)
                .hasCauseInstanceOf(SQLTimeoutException.class);
        assertThat(attempts).hasValue(1);
    }

    @Test
    void aConnectionThatWasLostBeforeTheCommitIsRolledBack() {
        Transactions transactions = lynx.resource(JdbcPlugin.transactions("orders"));

        Throwable failure = catchThrowable(() -> transactions.in(connection -> {
            int inserted = insert(connection);
            connection.close();
            return inserted;
        }));

        assertThat(failure).hasMessageContaining("before the commit, so the transaction was rolled back");
        assertThat(outcomes("unknown")).isZero();
    }

    @Test
    void aFailureWhenTheConnectionIsReturnedDoesNotHideTheCommit() throws SQLException {
        // The pool sets the connection back to its usual state, which the end of the server may meet.
        faulty.on(
                "commit",
                _ -> faulty.on("setAutoCommit", _ -> {
                    throw new SQLException("connection reset", "08006");
                }));

        assertThat(attempt()).isNull();

        faulty.heal("setAutoCommit");
        assertThat(outcomes("committed")).isEqualTo(1);
        assertThat(TestDatabase.count(TestDatabase.of(lynx), "SELECT count(*) FROM item"))
                .isEqualTo(1);
    }

    @Test
    void aDriverThatThrowsAnythingAtTheCommitLeavesItUnknown() {
        faulty.on("commit", _ -> {
            throw new IllegalStateException("bug of the driver");
        });
        faulty.on("rollback", _ -> {
            throw new IllegalStateException("another bug");
        });

        assertThat(attempt())
                .isInstanceOf(CommitOutcomeUnknownException.class)
                .hasCauseInstanceOf(IllegalStateException.class)
                .hasMessageContaining("bug of the driver");
        assertThat(outcomes("unknown")).isEqualTo(1);
    }

    @Test
    void aRollbackThatThrowsAnythingDoesNotHideTheFailure() {
        faulty.on("rollback", _ -> {
            throw new IllegalStateException("bug of the driver");
        });
        Transactions transactions = lynx.resource(JdbcPlugin.transactions("orders"));

        assertThat(catchThrowable(() -> transactions.in(connection -> {
                    throw new SQLException("no", "22000");
                })))
                .hasMessage("no");
        assertThat(outcomes("rolled_back")).isEqualTo(1);
    }
}
