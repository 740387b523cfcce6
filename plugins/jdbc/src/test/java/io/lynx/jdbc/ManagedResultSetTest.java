package io.lynx.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.lynx.testkit.LynxTest;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class ManagedResultSetTest {
    @Test
    void resultsLeadBackToTheirStatement() throws SQLException {
        try (LynxTest lynx = TestDatabase.start("migrations.enabled=false");
                Connection connection = TestDatabase.of(lynx).getConnection();
                Statement plain = connection.createStatement();
                PreparedStatement prepared = connection.prepareStatement("SELECT 7");
                CallableStatement call = connection.prepareCall("CALL 1 + 1")) {
            try (ResultSet rows = plain.executeQuery("SELECT 7")) {
                assertThat(rows.getStatement()).isSameAs(plain);
                assertThat(rows.getStatement().getConnection()).isSameAs(connection);
                assertThat(rows.next()).isTrue();
                assertThat(rows.getInt(1)).isEqualTo(7);
                assertThat(rows.unwrap(ManagedResultSet.class)).isSameAs(rows);
            }
            try (ResultSet rows = prepared.executeQuery()) {
                assertThat(rows.getStatement()).isSameAs(prepared);
            }
            assertThat(prepared.execute()).isTrue();
            try (ResultSet rows = prepared.getResultSet()) {
                assertThat(rows.getStatement()).isSameAs(prepared);
            }
            try (ResultSet rows = call.executeQuery()) {
                assertThat(rows.getStatement()).isSameAs(call).isEqualTo(call);
            }
            assertThat(plain.execute("CREATE TABLE item (id INT GENERATED ALWAYS AS IDENTITY, name VARCHAR(9))"))
                    .isFalse();
            assertThat(plain.getResultSet()).isNull();
            assertThat(plain.executeUpdate("INSERT INTO item (name) VALUES ('a')", Statement.RETURN_GENERATED_KEYS))
                    .isEqualTo(1);
            try (ResultSet keys = plain.getGeneratedKeys()) {
                assertThat(keys.getStatement()).isSameAs(plain);
                assertThat(keys.next()).isTrue();
            }
            ResultSet closed = plain.executeQuery("SELECT 7");
            closed.close();
            assertThat(catchThrowable(closed::getStatement)).isInstanceOf(SQLException.class);
        }
    }

    @Test
    void aServerThatHangsWhileRowsAreFetchedDoesNotKeepTheCaller() throws SQLException {
        try (FaultyDatabase faulty = new FaultyDatabase();
                LynxTest lynx = faulty.start("pool_size=1", "query_timeout=2s")) {
            Throwable failure = catchThrowable(() -> {
                try (Connection connection = TestDatabase.of(lynx).getConnection();
                        Statement statement = connection.createStatement()) {
                    connection.setAutoCommit(false);
                    statement.setFetchSize(10);
                    try (ResultSet rows = statement.executeQuery("SELECT x FROM system_range(1, 100)")) {
                        faulty.on("next", FaultyDatabase.Physical::hangUntilAborted);
                        boolean _ = rows.next();
                    }
                }
            });

            assertThat(failure).isInstanceOf(SQLTimeoutException.class);
            TestDatabase.execute(TestDatabase.of(lynx), "SELECT 1");
        }
    }
}
