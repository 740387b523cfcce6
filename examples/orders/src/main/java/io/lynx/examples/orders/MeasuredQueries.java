package io.lynx.examples.orders;

import io.lynx.context.RequestContext;
import io.lynx.context.Span;
import io.lynx.context.SpanKind;
import io.lynx.context.Tracing;
import io.lynx.metrics.ProductionMetrics;
import io.lynx.time.Ticker;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Makes queries to the database and measures their number, durations and failures. A query for a request or an event is a span of
 * its trace. Thread-safe.
 */
final class MeasuredQueries {
    private static final String READ = "read";
    private static final String WRITE = "write";

    private final String database;
    private final ProductionMetrics metrics;
    private final Tracing tracing;
    private final Ticker ticker;

    /** A query. */
    @FunctionalInterface
    interface Query<T> {
        T run() throws SQLException;
    }

    /**
     * Creates queries that are recorded in {@code metrics} and {@code tracing}.
     *
     * @param database the label of the database
     */
    MeasuredQueries(String database, ProductionMetrics metrics, Tracing tracing, Ticker ticker) {
        this.database = database;
        this.metrics = metrics;
        this.tracing = tracing;
        this.ticker = ticker;
    }

    /** Returns queries whose metrics and spans are not exposed. */
    static MeasuredQueries unseen() {
        Ticker ticker = Ticker.system();
        Tracing nowhere = new Tracing(ticker, InstantSource.system());
        return new MeasuredQueries("unseen", ProductionMetrics.builder().build(), nowhere, ticker);
    }

    /** Makes a query that only reads; {@code operation} is one of a few words. */
    <T> T read(String operation, Query<T> query) throws SQLException {
        return measure(READ, operation, query);
    }

    /** Makes a query that writes; {@code operation} is one of a few words. */
    <T> T write(String operation, Query<T> query) throws SQLException {
        return measure(WRITE, operation, query);
    }

    private <T> T measure(String type, String operation, Query<T> query) throws SQLException {
        long began = ticker.nanos();
        Span span = begin(operation);
        @Nullable Throwable failure = null;
        try {
            return query.run();
        } catch (SQLException e) {
            failure = e;
            metrics.recordDbError(database, type, DatabaseErrors.type(e));
            throw e;
        } catch (RuntimeException | Error e) {
            failure = e;
            throw e;
        } finally {
            span.end(failure);
            metrics.recordDbQuery(database, type, operation, Duration.ofNanos(ticker.nanos() - began));
        }
    }

    private Span begin(String operation) {
        RequestContext context = RequestContext.current();
        if (!tracing.isInSpan(context)) {
            return Span.NONE;
        }
        Span span = tracing.begin(SpanKind.CLIENT, "query " + operation, context);
        if (span.isTraced()) {
            span.attribute("db.namespace", database);
            span.attribute("db.operation.name", operation);
        }
        return span;
    }
}
