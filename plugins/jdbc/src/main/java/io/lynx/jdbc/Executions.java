package io.lynx.jdbc;

import io.lynx.context.RequestContext;
import io.lynx.context.Span;
import io.lynx.context.SpanKind;
import io.lynx.context.Tracing;
import io.lynx.jdbc.driver.DatabaseAddress;
import io.lynx.plugin.PluginContext;
import io.lynx.time.Ticker;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Executes the statements of one database: measures, traces and limits them. Thread-safe. */
final class Executions {
    /** The texts that are remembered; a service that writes values into its statements has more, which are read each time. */
    private static final int MOST_TEXTS = 2_000;

    private static final int MOST_NAMES = 300;
    /** "Connection does not exist" or is lost, ISO/IEC 9075. */
    private static final String NO_CONNECTION = "08003";

    private static final StatementText OTHER = new StatementText("other", false);

    private final String plugin;
    private final String database;
    private final DatabaseAddress address;
    private final PluginContext context;
    private final Tracing tracing;
    private final Ticker ticker;
    private final Duration limit;
    private final String limitKey;
    private final boolean isReadOnly;
    private final RefusedWrites refusedWrites = new RefusedWrites();
    private final long slow;
    private final ExecutionWatch watch;
    /** Names what is not a statement of a caller, such as the return of a connection. */
    private final StatementKind session;

    private final ConcurrentHashMap<String, StatementKind> byText = new ConcurrentHashMap<>();
    private final Set<String> names = ConcurrentHashMap.newKeySet();

    /** A call of the driver that returns nothing. */
    @FunctionalInterface
    interface Action extends Call<@Nullable Void> {
        void act() throws SQLException;

        @Override
        default @Nullable Void run() throws SQLException {
            act();
            return null;
        }
    }

    /** A call of the driver. */
    @FunctionalInterface
    interface Call<T extends @Nullable Object> {
        T run() throws SQLException;
    }

    Executions(String plugin, String database, JdbcConfig config, PluginContext context) {
        this.plugin = plugin;
        this.database = database;
        this.address = DatabaseAddress.of(config.url());
        this.context = context;
        this.tracing = context.resource(Tracing.KEY);
        this.ticker = context.ticker();
        this.limit = config.queryTimeout();
        this.limitKey = "lynx." + plugin + ".query_timeout";
        this.isReadOnly = config.readOnly();
        this.slow = config.slowQuery().isZero()
                ? Long.MAX_VALUE
                : config.slowQuery().toNanos();
        this.watch = new ExecutionWatch(database, context, limit);
        this.session = kind("SESSION");
    }

    RefusedWrites refusedWrites() {
        return refusedWrites;
    }

    /** Returns whether the database is configured to be read only. */
    boolean isReadOnly() {
        return isReadOnly;
    }

    ExecutionWatch watch() {
        return watch;
    }

    Ticker ticker() {
        return ticker;
    }

    /** Notes that a caller got no connection. */
    void notConnected(SQLException failure) {
        context.metrics().recordDbError(database, "connect", SqlFailures.label(failure));
    }

    /** Returns the kind of a statement by its text. */
    StatementKind kind(String sql) {
        StatementKind known = byText.get(sql);
        return known == null ? add(sql) : known;
    }

    private StatementKind add(String sql) {
        StatementText text = StatementText.of(sql);
        if (names.size() < MOST_NAMES) {
            boolean _ = names.add(text.name());
        }
        StatementText shown = names.contains(text.name()) ? text : OTHER;
        StatementKind kind = new StatementKind(database, shown, sql, context.metrics(), ticker.nanos());
        if (byText.size() >= MOST_TEXTS) {
            return kind;
        }
        StatementKind before = byText.putIfAbsent(sql, kind);
        return before == null ? kind : before;
    }

    /** Makes the call that ends a transaction. */
    void end(String name, ManagedConnection connection, Action action) throws SQLException {
        Void _ = execute(kind(name), null, connection, action);
    }

    /** Makes a call that is limited like a statement, and neither measured nor traced. */
    void limited(ManagedConnection connection, Action action) throws SQLException {
        Void _ = fetch(session, null, connection, action);
    }

    /**
     * Makes a call that belongs to a statement that was executed before, such as the fetch of more rows.
     *
     * @param statement what is cancelled if the time is over; null if nothing can be
     */
    <T extends @Nullable Object> T fetch(
            StatementKind kind, @Nullable Statement statement, ManagedConnection connection, Call<T> call)
            throws SQLException {
        Execution execution = new Execution(kind, statement, connection, Span.NONE, ticker);
        watch.add(execution);
        try {
            return call.run();
        } catch (SQLException thrown) {
            finish(execution);
            SQLException failure = explain(execution, connection, thrown);
            failed(execution, connection, thrown, failure);
            throw failure;
        } finally {
            finish(execution);
        }
    }

    /**
     * Makes a call.
     *
     * @param statement what is cancelled if the time is over; null if nothing can be
     * @throws StatementCancelledException if the request is over
     */
    <T extends @Nullable Object> T execute(
            StatementKind kind, @Nullable Statement statement, ManagedConnection connection, Call<T> call)
            throws SQLException {
        RequestContext request = RequestContext.current();
        // What has begun may be ended: a rollback is never refused.
        if (request.isCancelled() && statement != null) {
            throw new StatementCancelledException(kind.name(), null);
        }
        Execution execution = new Execution(kind, statement, connection, begin(kind, request), ticker);
        watch.add(execution);
        T result;
        try {
            result = call.run();
        } catch (SQLException thrown) {
            finish(execution);
            SQLException failure = explain(execution, connection, thrown);
            measure(execution, failure);
            failed(execution, connection, thrown, failure);
            throw failure;
        } catch (RuntimeException | Error thrown) {
            finish(execution);
            measure(execution, thrown);
            throw thrown;
        }
        finish(execution);
        measure(execution, null);
        connection.use().succeeded();
        return result;
    }

    private void finish(Execution execution) {
        execution.end(context.scheduler());
        watch.remove(execution);
    }

    private void measure(Execution execution, @Nullable Throwable failure) {
        long now = ticker.nanos();
        long took = now - execution.startedAt();
        StatementKind kind = execution.kind();
        kind.executed(took);
        if (took >= slow) {
            kind.slow(took, now, plugin);
        }
        if (failure instanceof SQLException sql && execution.span().isTraced() && sql.getSQLState() != null) {
            execution.span().attribute("db.response.status_code", sql.getSQLState());
        }
        execution.span().end(failure);
    }

    /** Tells the circuit breaker of a failure, unless it says nothing about the database. */
    private void failed(Execution execution, ManagedConnection connection, SQLException thrown, SQLException failure) {
        execution.kind().failed(failure);
        if (execution.isWithoutAnswer()) {
            connection.use().failed(new SQLNonTransientConnectionException("no answer", NO_CONNECTION, thrown));
        } else if (!(failure instanceof StatementCancelledException)
                && !Thread.currentThread().isInterrupted()) {
            // An interrupt closes the connection below the driver.
            connection.use().failed(failure);
        }
        refusedWrites.note(failure);
        if (failure instanceof ReadOnlyDatabaseException) {
            // The server has become a replica; a new connection may find the one that can write.
            connection.breaks();
        }
    }

    private SQLException explain(Execution execution, ManagedConnection connection, SQLException thrown)
            throws SQLException {
        SQLException failure = execution.explain(thrown, limit, limitKey);
        return SqlFailures.isReadOnly(failure) && !isReadOnly && !connection.isReadOnly()
                ? new ReadOnlyDatabaseException(failure)
                : MariaDbErrors.explain(failure);
    }

    private Span begin(StatementKind kind, RequestContext request) {
        if (!tracing.isInSpan(request)) {
            return Span.NONE;
        }
        Span span = tracing.begin(SpanKind.CLIENT, kind.name(), request);
        if (span.isTraced()) {
            span.attribute("db.system.name", address.system());
            span.attribute("db.namespace", address.database().isEmpty() ? database : address.database());
            span.attribute("db.query.summary", kind.name());
            span.attribute("db.query.text", kind.shown());
            if (!address.host().isEmpty()) {
                span.attribute("server.address", address.host());
                if (address.port() > 0) {
                    span.attribute("server.port", address.port());
                }
            }
        }
        return span;
    }
}
