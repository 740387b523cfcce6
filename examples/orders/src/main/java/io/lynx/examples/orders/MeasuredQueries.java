package io.lynx.examples.orders;

import io.lynx.metrics.ProductionMetrics;
import io.lynx.time.Ticker;
import java.sql.SQLException;
import java.time.Duration;

/** Makes queries to the database and measures their number, durations and failures. Thread-safe. */
final class MeasuredQueries {
    private static final String READ = "read";
    private static final String WRITE = "write";

    private final String database;
    private final ProductionMetrics metrics;
    private final Ticker ticker;

    /** A query. */
    @FunctionalInterface
    interface Query<T> {
        T run() throws SQLException;
    }

    /**
     * Creates queries that are recorded in {@code metrics}.
     *
     * @param database the label of the database
     */
    MeasuredQueries(String database, ProductionMetrics metrics, Ticker ticker) {
        this.database = database;
        this.metrics = metrics;
        this.ticker = ticker;
    }

    /** Returns queries whose metrics are not exposed. */
    static MeasuredQueries unseen() {
        return new MeasuredQueries("unseen", ProductionMetrics.builder().build(), Ticker.system());
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
        try {
            return query.run();
        } catch (SQLException e) {
            metrics.recordDbError(database, type, DatabaseErrors.type(e));
            throw e;
        } finally {
            metrics.recordDbQuery(database, type, operation, Duration.ofNanos(ticker.nanos() - began));
        }
    }
}
