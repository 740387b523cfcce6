package io.lynx.jdbc.driver;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The connection of the health check, which stays open between checks, so that a full pool does not make the database look absent. An
 * embedded database in memory lives as long as it. Thread-safe; checks exclude each other.
 */
public final class ProbeConnection {
    private final Callable<Connection> open;
    private final Opened onOpened;
    private final ReentrantLock checking = new ReentrantLock();
    private volatile @Nullable Connection connection;
    private volatile String version = "";
    private volatile boolean isClosed;

    /** What is checked once on each connection that was opened. */
    @FunctionalInterface
    public interface Opened {
        /**
         * Checks it.
         *
         * @throws SQLException if the database cannot be used
         */
        void check(Connection connection) throws SQLException;
    }

    /** Creates it; {@code open} throws an {@link SQLException} if the database cannot be reached. */
    public ProbeConnection(Callable<Connection> open, Opened onOpened) {
        this.open = open;
        this.onOpened = onOpened;
    }

    /**
     * Makes a round trip.
     *
     * @return the product and version of the database
     * @throws SQLException if there is no answer
     */
    public String check(Duration limit) throws Exception {
        checking.lockInterruptibly();
        try {
            Connection known = connection;
            if (known != null && !known.isValid((int) Math.max(1, Math.ceilDiv(limit.toMillis(), 1_000L)))) {
                // It broke at some time since the last check; what counts is whether there can be another one.
                drop();
                known = null;
            }
            if (known == null) {
                connect();
            }
            return version;
        } catch (SQLException failure) {
            drop();
            throw failure;
        } finally {
            checking.unlock();
        }
    }

    private void connect() throws Exception {
        Connection opened = open.call();
        try {
            DatabaseMetaData about = opened.getMetaData();
            version = about.getDatabaseProductName() + " " + about.getDatabaseProductVersion();
            onOpened.check(opened);
        } catch (SQLException | RuntimeException failure) {
            PhysicalConnection.close(opened);
            throw failure;
        }
        connection = opened;
        if (isClosed) {
            drop();
            throw new SQLTransientConnectionException("is closed");
        }
    }

    /** Replaces the connection at the next check. */
    public void renew() throws Exception {
        checking.lockInterruptibly();
        try {
            Connection before = connection;
            connect();
            close(before);
        } finally {
            checking.unlock();
        }
    }

    private void drop() {
        Connection known = connection;
        connection = null;
        close(known);
    }

    private static void close(@Nullable Connection old) {
        if (old != null) {
            PhysicalConnection.close(old);
        }
    }

    /** Closes it permanently, without waiting for a check that hangs. */
    public void close() {
        isClosed = true;
        drop();
    }
}
