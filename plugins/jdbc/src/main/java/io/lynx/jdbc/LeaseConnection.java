package io.lynx.jdbc;

import io.lynx.jdbc.driver.PhysicalConnection;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The connection of leases, which is beside the pool, so that a full pool or an open circuit breaker does not cost a leadership. It opens
 * at the first use, and creates the tables if they are missing. Uses exclude each other. Thread-safe.
 */
final class LeaseConnection {
    private static final List<String> TABLES = List.of(
            "CREATE TABLE IF NOT EXISTS lynx_leadership (name VARCHAR(100) NOT NULL PRIMARY KEY, holder VARCHAR(400)"
                    + " NOT NULL, token BIGINT NOT NULL, ends_at BIGINT NOT NULL, lease_ms BIGINT NOT NULL)",
            "CREATE TABLE IF NOT EXISTS lynx_fencing (name VARCHAR(100) NOT NULL PRIMARY KEY, token BIGINT NOT NULL)");

    private static final String PROBE = "SELECT l.token, f.token FROM lynx_leadership l, lynx_fencing f WHERE 1 = 0";

    private final Callable<Connection> open;
    private final ReentrantLock using = new ReentrantLock();
    private volatile @Nullable Connection connection;
    private volatile boolean hasTables;
    private volatile boolean isClosed;

    /** Work on the connection, which is in auto-commit mode before and after it. */
    @FunctionalInterface
    interface LeaseWork<T> {
        T run(Connection connection) throws SQLException;
    }

    LeaseConnection(Callable<Connection> open) {
        this.open = open;
    }

    /**
     * Runs work. If it fails, the next use opens another connection.
     *
     * @param limit of each answer of the database
     */
    <T> T use(Duration limit, LeaseWork<T> work) throws Exception {
        using.lockInterruptibly();
        boolean isGood = false;
        try {
            Connection present = connection;
            if (present == null) {
                present = connect();
            }
            limit(present, limit);
            T result = work.run(present);
            isGood = true;
            return result;
        } finally {
            if (!isGood) {
                drop();
            }
            using.unlock();
        }
    }

    /** Makes sure that the tables exist. */
    void requireTables() throws SQLException {
        if (hasTables) {
            return;
        }
        try {
            boolean _ = use(Duration.ofSeconds(10), _ -> true);
        } catch (SQLException | RuntimeException failure) {
            throw failure;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted while creating the tables of leases", interrupted);
        } catch (Exception failure) {
            throw new SQLException(failure);
        }
    }

    /** Notes that the tables are missing, as after a restart of the server without its data; they are created at the next use. */
    void areMissing() {
        hasTables = false;
        drop();
    }

    private Connection connect() throws Exception {
        Connection opened = open.call();
        connection = opened;
        if (isClosed) {
            throw new SQLNonTransientConnectionException("the database is closed");
        }
        if (!exist(opened)) {
            create(opened);
        }
        hasTables = true;
        return opened;
    }

    private static boolean exist(Connection opened) {
        try (Statement statement = opened.createStatement()) {
            statement.executeQuery(PROBE).close();
            return true;
        } catch (SQLException missing) {
            // If it is something else, the creation fails as well and tells.
            return false;
        }
    }

    /** Creates the tables. PostgreSQL refuses that to one of two instances that do it at the same time, for each table. */
    private static void create(Connection opened) throws SQLException {
        for (int left = TABLES.size(); ; left--) {
            try (Statement statement = opened.createStatement()) {
                for (String table : TABLES) {
                    boolean _ = statement.execute(table);
                }
                return;
            } catch (SQLException failure) {
                if (left == 0) {
                    throw explain(failure);
                }
            }
        }
    }

    private static SQLException explain(SQLException failure) {
        return new SQLException(
                "the tables of leases are missing and could not be created: " + failure.getMessage()
                        + "; create them by a migration: " + String.join("; ", TABLES),
                failure.getSQLState(),
                failure.getErrorCode(),
                failure);
    }

    private static void limit(Connection present, Duration limit) throws SQLException {
        try {
            present.setNetworkTimeout(Runnable::run, (int) Math.max(1, limit.toMillis()));
        } catch (SQLFeatureNotSupportedException embedded) {
            // A database in this process needs no network.
        }
    }

    private void drop() {
        Connection known = connection;
        connection = null;
        if (known != null) {
            PhysicalConnection.close(known);
        }
    }

    /** Closes it permanently, without waiting for a use that hangs. */
    void close() {
        isClosed = true;
        drop();
    }
}
