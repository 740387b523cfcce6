package io.lynx.jdbc;

import io.lynx.extension.ExtensionPoint;
import io.lynx.extension.Registration;
import io.lynx.extension.UserCode;
import io.lynx.metrics.MetricRegistry;
import io.lynx.plugin.PluginContext;
import io.lynx.resilience.Retry;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Transactions in one database. Work that runs in one is committed when it returns, and rolled back when it throws. If the database
 * rolls it back because of another transaction (SQLState 40001 or 40P01: a serialization failure or a deadlock), the work runs again,
 * up to five times in all and within the deadline of the request. Thread-safe.
 */
public final class Transactions {
    private static final Logger LOG = LoggerFactory.getLogger(Transactions.class);

    private static final ScopedValue<Current> CURRENT = ScopedValue.newInstance();

    private final DataSource source;
    private final Retry retry;
    private final @Nullable MetricRegistry registry;
    private final String database;
    private final @Nullable Isolation isolation;

    /** How far a transaction sees what others do meanwhile. */
    public enum Isolation {
        /** Each statement sees what had been committed when it began. */
        READ_COMMITTED(Connection.TRANSACTION_READ_COMMITTED),
        /** All statements see what had been committed when the first began. */
        REPEATABLE_READ(Connection.TRANSACTION_REPEATABLE_READ),
        /** As if transactions ran one after the other; conflicts are rolled back, and the work runs again. */
        SERIALIZABLE(Connection.TRANSACTION_SERIALIZABLE);

        private final int level;

        Isolation(int level) {
            this.level = level;
        }
    }

    /** The transaction that this thread is in. */
    private record Current(DataSource source, Connection connection, Thread thread, List<Runnable> afterCommit) {
        /** A thread that was started within a transaction inherits the value, and must not use its connection. */
        boolean isOf(DataSource wanted) {
            return thread.equals(Thread.currentThread()) && source.equals(wanted);
        }
    }

    /** What is done in a transaction. It may run more than once, so it must do nothing that the database cannot undo. */
    @ExtensionPoint(thread = "the caller's thread", deadline = "none")
    @FunctionalInterface
    public interface Work<T extends @Nullable Object> {
        /**
         * Does the work.
         *
         * @param connection the connection of the transaction; do not commit or close it
         * @throws SQLException if a statement fails
         */
        T run(Connection connection) throws SQLException;
    }

    private Transactions(
            DataSource source,
            Retry retry,
            @Nullable MetricRegistry registry,
            String database,
            @Nullable Isolation isolation) {
        this.source = source;
        this.retry = retry;
        this.registry = registry;
        this.database = database;
        this.isolation = isolation;
    }

    private static Retry retry(String name) {
        return Retry.builder()
                .name(name)
                .maxAttempts(5)
                .initialDelay(Duration.ofMillis(20))
                .maxDelay(Duration.ofSeconds(1))
                .retryWhen(SqlFailures::isConflict)
                .build();
    }

    /** Returns transactions in any data source, without metrics; for tests. */
    public static Transactions of(DataSource source) {
        return new Transactions(source, retry("transactions"), null, "", null);
    }

    /** Returns the transactions that a plugin shares. */
    static Transactions managed(String plugin, String database, DataSource source, PluginContext context) {
        Retry retry = retry(plugin);
        Registration _ = context.metricSource(plugin + ".transactions", retry);
        return new Transactions(source, retry, context.metrics().registry(), database, null);
    }

    /** Returns the same with another isolation than the database's default. */
    public Transactions with(Isolation level) {
        return new Transactions(source, retry, registry, database, level);
    }

    /**
     * Runs work in a transaction: in the one that this thread is in already, otherwise in a new one.
     *
     * @throws IllegalStateException if this thread is in a transaction that isolates less than {@link #with} says
     * @throws CommitOutcomeUnknownException if the transaction may have been committed or not; it is not repeated
     * @throws SQLException what the work threw, or why the transaction could not be committed
     */
    public <T extends @Nullable Object> T in(Work<T> work) throws SQLException {
        if (CURRENT.isBound() && CURRENT.get().isOf(source)) {
            Connection joined = CURRENT.get().connection();
            requireIsolation(joined);
            return work.run(joined);
        }
        try {
            return retry.call(() -> attempt(work));
        } catch (SQLException | RuntimeException failure) {
            throw failure;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new SQLTransientException("interrupted while waiting to repeat a transaction", interrupted);
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The levels of JDBC are ordered: a transaction of a higher one may be joined. */
    private void requireIsolation(Connection joined) throws SQLException {
        if (isolation != null && joined.getTransactionIsolation() < isolation.level) {
            throw new IllegalStateException("transaction in '" + database + "': " + isolation
                    + " is requested inside of a transaction that isolates less; begin the outer one by with("
                    + isolation
                    + "), or the inner one after its end");
        }
    }

    /** Returns the connection of the transaction that this thread is in; empty if it is in none of this database. */
    public Optional<Connection> current() {
        return CURRENT.isBound() && CURRENT.get().isOf(source)
                ? Optional.of(CURRENT.get().connection())
                : Optional.empty();
    }

    /**
     * Runs an action when the transaction that this thread is in has been committed and its connection is free again; not if it is
     * rolled back. What the action throws is ignored.
     *
     * @throws IllegalStateException if this thread is in no transaction of this database
     */
    public void afterCommit(Runnable action) {
        if (current().isEmpty()) {
            throw new IllegalStateException("afterCommit: this thread is in no transaction; call it inside of one");
        }
        CURRENT.get().afterCommit().add(action);
    }

    private <T extends @Nullable Object> T attempt(Work<T> work) throws Exception {
        List<Runnable> afterCommit = new ArrayList<>();
        T result = attempt(work, afterCommit);
        afterCommit.forEach(action -> {
            boolean _ = UserCode.run(action::run, _ -> {});
        });
        return result;
    }

    private <T extends @Nullable Object> T attempt(Work<T> work, List<Runnable> afterCommit) throws Exception {
        Connection connection = source.getConnection();
        try {
            connection.setAutoCommit(false);
            if (isolation != null) {
                connection.setTransactionIsolation(isolation.level);
            }
            return run(work, connection, afterCommit);
        } finally {
            giveBack(connection);
        }
    }

    private <T extends @Nullable Object> T run(Work<T> work, Connection connection, List<Runnable> afterCommit)
            throws Exception {
        boolean isCommitted = false;
        Throwable failure = null;
        try {
            T result = ScopedValue.where(CURRENT, new Current(source, connection, Thread.currentThread(), afterCommit))
                    .<T, Exception>call(() -> work.run(connection));
            commit(connection);
            isCommitted = true;
            return result;
        } catch (Throwable thrown) {
            failure = thrown;
            throw thrown;
        } finally {
            if (!isCommitted) {
                rollBack(connection, failure);
            }
            count(isCommitted ? "committed" : outcome(failure));
        }
    }

    /** Returns a connection. What came of the transaction is known by now, so a failure here must not replace it. */
    private static void giveBack(Connection connection) {
        try {
            connection.close();
        } catch (SQLException | RuntimeException broken) {
            LOG.atDebug().setCause(broken).log("Connection could not be returned as usual; the pool replaces it");
        }
    }

    private static String outcome(@Nullable Throwable failure) {
        if (failure instanceof CommitOutcomeUnknownException) {
            return "unknown";
        }
        return failure != null && SqlFailures.isConflict(failure) ? "conflict" : "rolled_back";
    }

    private void commit(Connection connection) throws SQLException {
        if (connection.isClosed()) {
            throw new SQLNonTransientConnectionException(
                    "the connection was lost or closed before the commit, so the transaction was rolled back", "08003");
        }
        try {
            connection.commit();
        } catch (SQLException | RuntimeException failure) {
            if (SqlFailures.isUnknownAfterCommit(failure)) {
                throw new CommitOutcomeUnknownException(database, failure);
            }
            throw failure;
        }
    }

    private static void rollBack(Connection connection, @Nullable Throwable failure) {
        try {
            connection.rollback();
            connection.setAutoCommit(true);
        } catch (SQLException | RuntimeException broken) {
            // The pool closes a broken connection, and the database then rolls back by itself.
            if (failure != null) {
                failure.addSuppressed(broken);
            }
        }
    }

    private void count(String outcome) {
        if (registry != null) {
            registry.counter(DatabaseMetrics.TRANSACTIONS, database, outcome).increment();
        }
    }
}
