package io.lynx.jdbc;

import io.lynx.jdbc.Transactions.Work;
import io.lynx.leadership.FencingToken;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes of a leader that the database refuses when there is a later leader, also if the process was suspended and still believes to be
 * the leader. The largest token of each leadership is in the table {@code lynx_fencing}; a write compares its token with it and locks it
 * until its own transaction ends, so that the next leader begins after that. The lease may be kept in another system. Thread-safe.
 *
 * <p>In PostgreSQL a protected transaction whose client is silent for the time of the lease is ended by the server, so that a frozen
 * leader does not hold up the next one. Other databases need a setting of the server for that, such as {@code idle_transaction_timeout}
 * of MariaDB.
 */
public final class FencedWrites {
    private final String url;
    private final LeaseConnection tables;
    private final Transactions transactions;
    private final Function<String, Duration> leases;

    /** The tokens with which this instance has written; if that was rolled back, the token is raised again. */
    private final Map<String, Long> seen = new ConcurrentHashMap<>();

    /**
     * Creates them for one database.
     *
     * @param leases returns the configured lease of a leadership
     */
    FencedWrites(String url, LeaseConnection tables, Transactions transactions, Function<String, Duration> leases) {
        this.url = url;
        this.tables = tables;
        this.transactions = transactions;
        this.leases = leases;
    }

    /**
     * Runs work in a transaction, after a check of the token.
     *
     * @throws StaleTokenException if there is a later leader
     * @throws SQLException as {@link Transactions#in}
     */
    public <T extends @Nullable Object> T in(FencingToken token, Work<T> work) throws SQLException {
        return transactions.in(connection -> {
            check(connection, token);
            return work.run(connection);
        });
    }

    /**
     * Checks a token in the transaction of {@code connection}. Until the transaction ends, no instance becomes the next leader.
     *
     * @throws IllegalStateException if the connection is not in a transaction
     * @throws StaleTokenException if there is a later leader
     * @throws SQLException if the database cannot be used
     */
    public void check(Connection connection, FencingToken token) throws SQLException {
        if (connection.getAutoCommit()) {
            throw new IllegalStateException("leadership '" + token.leadership()
                    + "': a protected write needs a transaction; call this within Transactions.in");
        }
        LeaseDialect dialect = LeaseDialect.of(url);
        tables.requireTables();
        try {
            compare(connection, dialect, token);
        } catch (SQLException failure) {
            if (SqlFailures.isMissingTable(failure)) {
                tables.areMissing();
            }
            throw failure;
        }
    }

    private void compare(Connection connection, LeaseDialect dialect, FencingToken token) throws SQLException {
        if (dialect == LeaseDialect.POSTGRESQL) {
            // Before anything is locked: a process that is frozen right after a lock must not hold it.
            limitSilence(connection, token.leadership());
        }
        if (!Long.valueOf(token.value()).equals(seen.get(token.leadership()))) {
            // Before the lock: many writes that have locked the row together could not raise its token.
            raise(connection, token);
        }
        Long present = lock(connection, dialect, token.leadership());
        if (present == null) {
            add(connection, dialect, token.leadership());
            present = lock(connection, dialect, token.leadership());
        }
        if (present == null) {
            throw new SQLException("leadership '" + token.leadership() + "': its row in lynx_fencing has gone");
        }
        if (present > token.value()) {
            throw new StaleTokenException(token, present);
        }
        if (present < token.value()) {
            raise(connection, token);
        }
        Long _ = seen.put(token.leadership(), token.value());
    }

    private static @Nullable Long lock(Connection connection, LeaseDialect dialect, String name) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT token FROM lynx_fencing WHERE name = ? " + dialect.share())) {
            statement.setString(1, name);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? rows.getLong(1) : null;
            }
        }
    }

    private static void add(Connection connection, LeaseDialect dialect, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(dialect.addFence())) {
            statement.setString(1, name);
            int _ = statement.executeUpdate();
        }
    }

    /** The lease is kept in another system, so this is the first that the database learns of the term. */
    private static void raise(Connection connection, FencingToken token) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("UPDATE lynx_fencing SET token = ? WHERE name = ? AND token < ?")) {
            statement.setLong(1, token.value());
            statement.setString(2, token.leadership());
            statement.setLong(3, token.value());
            int _ = statement.executeUpdate();
        }
    }

    /** Lets the server end the transaction if this process is frozen in it. The lease has no row if it is kept in another system. */
    private void limitSilence(Connection connection, String name) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT set_config('idle_in_transaction_session_timeout', cast(coalesce("
                        + "(SELECT lease_ms FROM lynx_leadership WHERE name = ?), ?) AS text), true)")) {
            statement.setString(1, name);
            statement.setLong(2, leases.apply(name).toMillis());
            statement.executeQuery().close();
        }
    }
}
