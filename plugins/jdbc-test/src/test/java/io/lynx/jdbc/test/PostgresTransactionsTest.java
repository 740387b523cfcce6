package io.lynx.jdbc.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.jdbc.JdbcPlugin;
import io.lynx.jdbc.Transactions;
import io.lynx.jdbc.Transactions.Isolation;
import io.lynx.testkit.LynxTest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Transactions that conflict with each other on a real server. */
class PostgresTransactionsTest {
    private static final int WRITERS = 4;
    private static final int ROUNDS = 5;

    private static int increment(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            int before;
            try (ResultSet row = statement.executeQuery("SELECT value FROM counter")) {
                boolean _ = row.next();
                before = row.getInt(1);
            }
            return statement.executeUpdate("UPDATE counter SET value = " + (before + 1));
        }
    }

    @Test
    void conflictsAreRepeatedAndNothingIsLost() throws Exception {
        try (Postgres postgres = Postgres.schemaFor(getClass());
                LynxTest lynx = LynxTest.of(new JdbcPlugin())
                        .with("lynx.jdbc.url", postgres.url())
                        .with("lynx.jdbc.user", postgres.user())
                        .with("lynx.jdbc.password", postgres.password())
                        .start();
                ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
            Transactions transactions = lynx.resource(JdbcPlugin.transactions()).with(Isolation.SERIALIZABLE);
            transactions.in(connection -> {
                try (Statement statement = connection.createStatement()) {
                    boolean _ = statement.execute("CREATE TABLE counter (value INT)");
                    return statement.executeUpdate("INSERT INTO counter VALUES (0)");
                }
            });
            List<Future<?>> work = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                work.add(writers.submit(() -> {
                    for (int round = 0; round < ROUNDS; round++) {
                        repeatUntilCommitted(transactions);
                    }
                    return null;
                }));
            }
            for (Future<?> each : work) {
                each.get(60, TimeUnit.SECONDS);
            }

            int value = transactions.in(connection -> {
                try (Statement statement = connection.createStatement();
                        ResultSet row = statement.executeQuery("SELECT value FROM counter")) {
                    boolean _ = row.next();
                    return row.getInt(1);
                }
            });
            assertThat(value).isEqualTo(WRITERS * ROUNDS);
        }
    }

    /** Five attempts may not be enough where all write one row; a conflict is then the caller's. */
    private static void repeatUntilCommitted(Transactions transactions) throws SQLException {
        while (true) {
            try {
                int _ = transactions.in(PostgresTransactionsTest::increment);
                return;
            } catch (SQLException conflict) {
                assertThat(conflict.getSQLState()).startsWith("40");
            }
        }
    }
}
