package io.lynx.jdbc;

import io.lynx.metrics.Catalogue;
import io.lynx.metrics.Counter;
import io.lynx.metrics.Histogram;
import io.lynx.metrics.MetricRegistry;
import io.lynx.metrics.ProductionMetrics;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All executions of one statement: its name, its metrics, and the log of slow ones. Thread-safe. */
final class StatementKind {
    private static final Logger LOG = LoggerFactory.getLogger("io.lynx.jdbc.slow");
    /** The pause between two lines about one statement, however often it is slow. */
    private static final long LOG_PAUSE = Duration.ofSeconds(10).toNanos();

    private final String database;
    private final String name;
    private final String type;
    private final String sql;
    private final ProductionMetrics metrics;
    private final Counter queries;
    private final Histogram duration;
    private final AtomicLong slow = new AtomicLong();
    private final AtomicLong loggedAt;

    /**
     * Creates the kind.
     *
     * @param sql the text for the log
     * @param now the reading of the ticker
     */
    StatementKind(String database, StatementText text, String sql, ProductionMetrics metrics, long now) {
        this.database = database;
        this.name = text.name();
        this.type = text.isRead() ? "read" : "write";
        this.sql = sql;
        this.metrics = metrics;
        MetricRegistry registry = metrics.registry();
        this.queries = registry.counter(Catalogue.DB_QUERIES, database, type, name);
        this.duration = registry.histogram(Catalogue.DB_QUERY_DURATION, database, type, name);
        this.loggedAt = new AtomicLong(now - LOG_PAUSE);
    }

    String name() {
        return name;
    }

    /** Returns the text without its values. */
    String shown() {
        return StatementText.shown(sql);
    }

    void executed(long nanos) {
        queries.increment();
        duration.record(Duration.ofNanos(nanos));
    }

    void failed(SQLException failure) {
        metrics.recordDbError(database, type, SqlFailures.label(failure));
    }

    /** Logs an execution that was slow, unless there has just been a line about this statement. */
    void slow(long nanos, long now, String plugin) {
        metrics.recordSlowOperation("query", plugin);
        long since = slow.incrementAndGet();
        long last = loggedAt.get();
        if (now - last >= LOG_PAUSE && loggedAt.compareAndSet(last, now)) {
            slow.addAndGet(-since);
            LOG.atWarn()
                    .addKeyValue("database", database)
                    .addKeyValue("statement", name)
                    .addKeyValue("ms", nanos / 1_000_000)
                    .addKeyValue("count", since)
                    .log("Slow statement: {}", shown());
        }
    }
}
