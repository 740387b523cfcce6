package io.lynx.jdbc;

import io.lynx.testkit.Await;
import io.lynx.testkit.LynxTest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** An application with one embedded database, and short ways to use it. */
final class TestDatabase {
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private TestDatabase() {}

    /** Returns the URL of a database in memory that no other test uses. */
    static String url() {
        return "jdbc:h2:mem:test" + NUMBERS.incrementAndGet();
    }

    /** Starts an application with the database {@code orders} in memory; {@code settings} are keys below its section. */
    static LynxTest start(String... settings) {
        LynxTest.Builder builder = LynxTest.of(new JdbcPlugin("orders")).with("lynx.jdbc.orders.url", url());
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            builder.with("lynx.jdbc.orders." + setting.substring(0, equals), setting.substring(equals + 1));
        }
        return builder.start();
    }

    static DataSource of(LynxTest lynx) {
        return lynx.resource(JdbcPlugin.key("orders"));
    }

    /** Waits until the health check of {@code orders} has run once, which may be after the start. */
    static void awaitFirstCheck(LynxTest lynx) {
        Await.until(
                "the check has run",
                () -> lynx.application()
                                .health()
                                .snapshot()
                                .check("jdbc.orders")
                                .orElseThrow()
                                .last()
                        != null);
    }

    static void execute(DataSource database, String... statements) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                boolean _ = statement.execute(sql);
            }
        }
    }

    static int count(DataSource database, String query) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            boolean _ = rows.next();
            return rows.getInt(1);
        }
    }
}
