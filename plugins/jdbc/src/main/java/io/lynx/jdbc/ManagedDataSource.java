package io.lynx.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.lynx.context.RequestContext;
import io.lynx.jdbc.driver.SimpleDataSource;
import io.lynx.metrics.Histogram;
import io.lynx.plugin.external.NotConnectedException;
import io.lynx.plugin.external.Use;
import io.lynx.plugin.external.Uses;
import io.lynx.resilience.Bulkhead;
import io.lynx.resilience.CallRejectedException.BulkheadFullException;
import io.lynx.resilience.CallRejectedException.CircuitBreakerOpenException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The connections of a pool. Callers wait in front of the pool, so that a caller that the pool has no connection for is told apart from
 * a database that does not accept one. Thread-safe.
 */
final class ManagedDataSource extends SimpleDataSource {
    /** "Client unable to establish the connection", ISO/IEC 9075. */
    private static final String CANNOT_CONNECT = "08001";

    /** A wait for the pool to open a connection that says something about the database, however short the time of a request is. */
    private static final long LONG_WAIT = Duration.ofMillis(500).toNanos();

    private final String plugin;
    private final HikariDataSource pool;
    private final Bulkhead places;
    private final Uses uses;
    private final ConnectionHooks hooks;
    private final Executions executions;
    private final Histogram waits;
    private final Set<ManagedConnection> borrowed = ConcurrentHashMap.newKeySet();

    /**
     * Creates the source.
     *
     * @param places one for each connection of the pool
     */
    ManagedDataSource(
            String plugin,
            HikariDataSource pool,
            Bulkhead places,
            Uses uses,
            ConnectionHooks hooks,
            Executions executions,
            Histogram waits) {
        this.plugin = plugin;
        this.pool = pool;
        this.places = places;
        this.uses = uses;
        this.hooks = hooks;
        this.executions = executions;
        this.waits = waits;
    }

    /**
     * Borrows a connection.
     *
     * @throws PoolExhaustedException if all are in use for as long as the caller can wait
     * @throws StatementCancelledException if the request is over
     * @throws SQLTransientConnectionException if the circuit breaker refuses it, or the plugin has not connected yet
     */
    @Override
    public Connection getConnection() throws SQLException {
        long began = executions.ticker().nanos();
        try {
            return borrow();
        } catch (SQLException failure) {
            executions.notConnected(failure);
            throw failure;
        } finally {
            waits.record(Duration.ofNanos(executions.ticker().nanos() - began));
        }
    }

    private Connection borrow() throws SQLException {
        Use use;
        try {
            use = uses.begin();
        } catch (CircuitBreakerOpenException | NotConnectedException refusal) {
            throw new SQLTransientConnectionException(refusal.getMessage(), CANNOT_CONNECT, refusal);
        }
        Connection connection = null;
        try {
            connection = borrow(use);
            return connection;
        } finally {
            if (connection == null) {
                use.close();
            }
        }
    }

    private Connection borrow(Use use) throws SQLException {
        use.waits();
        Bulkhead.Slot place = place();
        use.holds();
        Connection raw = null;
        try {
            raw = connect(use);
        } finally {
            if (raw == null) {
                place.close();
            }
        }
        ManagedConnection connection = new ManagedConnection(raw, executions, use, this, place);
        boolean _ = borrowed.add(connection);
        return connection;
    }

    /** Takes a connection from the pool, which opens or tests one if need be, but not for a request that is over. */
    private Connection connect(Use use) throws SQLException {
        long began = executions.ticker().nanos();
        ConnectionWait wait = new ConnectionWait(RequestContext.current());
        executions.watch().add(wait);
        try {
            hooks.beforeUse();
            return taken();
        } catch (SQLException failure) {
            if (wait.end()) {
                if (executions.ticker().nanos() - began > LONG_WAIT) {
                    use.failed(new SQLTransientConnectionException("no connection in time", CANNOT_CONNECT, failure));
                }
                throw new StatementCancelledException("connect", failure);
            }
            if (!Thread.currentThread().isInterrupted()) {
                use.failed(failure);
            }
            throw failure;
        } finally {
            executions.watch().remove(wait);
            boolean _ = wait.end();
        }
    }

    private Connection taken() throws SQLException {
        try {
            return pool.getConnection();
        } catch (SQLTransientConnectionException failure) {
            throw failure.getCause() instanceof SQLException cause
                    ? new SQLTransientConnectionException(
                            plugin + ": no connection can be opened: " + cause.getMessage(),
                            cause.getSQLState(),
                            cause.getErrorCode(),
                            failure)
                    : failure;
        }
    }

    /** Closes a connection of the pool permanently when it is returned. */
    void evict(Connection raw) {
        pool.evictConnection(raw);
    }

    /** Notes that a connection has been returned. */
    void returned(ManagedConnection connection) {
        boolean _ = borrowed.remove(connection);
    }

    /** Closes the connections that are still borrowed, below their holders. */
    void closeBorrowed() {
        borrowed.forEach(ManagedConnection::cutOff);
    }

    private Bulkhead.Slot place() throws SQLException {
        try {
            return places.acquire();
        } catch (BulkheadFullException full) {
            if (RequestContext.current().isCancelled()) {
                throw new StatementCancelledException("connect", null);
            }
            throw new PoolExhaustedException(
                    plugin + ": all " + pool.getMaximumPoolSize() + " connections are in use (" + full.getMessage()
                            + "); held by " + uses.describe()
                            + "; shorten the work that holds a connection, or raise lynx." + plugin + ".pool_size",
                    full);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new SQLTransientConnectionException(
                    plugin + ": interrupted while waiting for a connection", CANNOT_CONNECT, interrupted);
        }
    }
}
