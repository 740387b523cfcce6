package io.lynx.jdbc;

import io.lynx.metrics.Metric;
import java.util.List;

/** The metrics of databases that are not in the catalogue. */
final class DatabaseMetrics {
    /** {@code lynx_db_connection_wait_seconds} */
    static final Metric WAIT = Metric.histogram(
            "lynx_db_connection_wait_seconds",
            "Time until a caller got a connection, or none.",
            Metric.Unit.SECONDS,
            List.of(0.001, 0.01, 0.1, 0.5, 1.0, 2.5, 5.0, 10.0),
            "database");

    /** {@code lynx_db_statements_cancelled_total} */
    static final Metric CANCELLED = Metric.counter(
            "lynx_db_statements_cancelled_total",
            "Statements that were cancelled at the server: reason is request (it is over), timeout or shutdown.",
            "database",
            "reason");

    /** {@code lynx_db_connections_aborted_total} */
    static final Metric ABORTED = Metric.counter(
            "lynx_db_connections_aborted_total",
            "Connections that were closed because the server did not end a cancelled statement.",
            "database");

    /** {@code lynx_db_transactions_total} */
    static final Metric TRANSACTIONS = Metric.counter(
            "lynx_db_transactions_total",
            "Transactions by outcome: committed, rolled_back, conflict (rolled back by the database and repeated), or"
                    + " unknown (the commit was not answered).",
            "database",
            "outcome");

    /** All of them, in the order of the reference page. */
    static final List<Metric> ALL = List.of(WAIT, CANCELLED, ABORTED, TRANSACTIONS);

    private DatabaseMetrics() {}
}
