package io.lynx.jdbc;

import io.lynx.context.RequestContext;
import io.lynx.context.Span;
import io.lynx.context.SpanKind;
import io.lynx.context.Tracing;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.external.Use;
import io.lynx.time.Ticker;
import java.sql.Connection;
import java.sql.SQLException;
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
    private static final StatementText OTHER = new StatementText("other", false);

    private final String plugin;
    private final String database;
    private final DatabaseAddress address;
    private final PluginContext context;
    private final Tracing tracing;
    private final Ticker ticker;
    private final Duration limit;
    private final long slow;
    private final ExecutionWatch watch;
    private final ConcurrentHashMap<String, StatementKind> byText = new ConcurrentHashMap<>();
    private final Set<String> names = ConcurrentHashMap.newKeySet();

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
        this.slow = config.slowQuery().isZero()
                ? Long.MAX_VALUE
                : config.slowQuery().toNanos();
        this.watch = new ExecutionWatch(database, context, limit);
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
        boolean isKnown = names.contains(text.name()) || (names.size() < MOST_NAMES && names.add(text.name()));
        StatementKind kind =
                new StatementKind(database, isKnown ? text : OTHER, sql, context.metrics(), ticker.nanos());
        if (byText.size() >= MOST_TEXTS) {
            return kind;
        }
        StatementKind before = byText.putIfAbsent(sql, kind);
        return before == null ? kind : before;
    }

    /** Makes the call that ends a transaction. */
    void end(boolean isCommit, Connection connection, Use use, Call<@Nullable Void> call) throws SQLException {
        Void _ = execute(kind(isCommit ? "COMMIT" : "ROLLBACK"), null, connection, use, call);
    }

    /**
     * Makes a call.
     *
     * @param statement what is cancelled if the time is over; null if nothing can be
     * @throws StatementCancelledException if the request is over
     */
    <T extends @Nullable Object> T execute(
            StatementKind kind, @Nullable Statement statement, Connection connection, Use use, Call<T> call)
            throws SQLException {
        RequestContext request = RequestContext.current();
        // What has begun may be ended: a rollback is never refused.
        if (request.isCancelled() && statement != null) {
            throw new StatementCancelledException(kind.name(), null);
        }
        Span span = begin(kind, request);
        Execution execution = new Execution(kind, statement, connection, use, span, ticker.nanos());
        watch.add(execution);
        SQLException failure = null;
        try {
            return call.run();
        } catch (SQLException thrown) {
            execution.end();
            failure = execution.explain(thrown, limit, "lynx." + plugin + ".query_timeout");
            throw failure;
        } finally {
            ended(execution, failure);
        }
    }

    private void ended(Execution execution, @Nullable SQLException failure) {
        execution.end();
        watch.remove(execution);
        long now = ticker.nanos();
        long took = now - execution.startedAt();
        StatementKind kind = execution.kind();
        kind.executed(took);
        if (took >= slow) {
            kind.slow(took, now, plugin);
        }
        if (failure == null) {
            execution.use().succeeded();
        } else {
            kind.failed(failure);
            if (!(failure instanceof StatementCancelledException)) {
                execution.use().failed(failure);
            }
            if (execution.span().isTraced() && failure.getSQLState() != null) {
                execution.span().attribute("db.response.status_code", failure.getSQLState());
            }
        }
        execution.span().end(failure);
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
