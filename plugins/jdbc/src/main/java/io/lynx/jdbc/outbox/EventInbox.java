package io.lynx.jdbc.outbox;

import io.lynx.jdbc.Transactions.Work;
import io.lynx.metrics.Counter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The events that handlers have processed, in a table of their database. Whoever delivers events at least once delivers some again; with
 * the id written in the transaction of the handler's own changes, each event has its effect once. Thread-safe.
 */
public final class EventInbox {
    private static final String DUPLICATE_KEY = "23";

    private final String table;
    private final String handler;
    private final InstantSource clock;
    private final Consumer<SQLException> onFailure;
    private final Counts counts;
    private volatile @Nullable OutboxDialect dialect;

    /** Counts events. Immutable. */
    record Counts(Counter first, Counter duplicate) {}

    /** @param onFailure receives why an id could not be written */
    EventInbox(String table, String handler, InstantSource clock, Consumer<SQLException> onFailure, Counts counts) {
        this.table = table;
        this.handler = handler;
        this.clock = clock;
        this.onFailure = onFailure;
        this.counts = counts;
    }

    /**
     * Returns the inbox of one of several handlers that process the same events: each processes an event once.
     *
     * @param name of the handler, at most 100 characters; it must not change as long as ids are kept
     */
    public EventInbox handler(String name) {
        return new EventInbox(table, name, clock, onFailure, counts);
    }

    /**
     * Does the work of an event unless it was done. A second delivery at the same time waits for the first. If the transaction is rolled
     * back, the event counts as not processed.
     *
     * @param connection the connection of the transaction of the work, such as that of {@link io.lynx.jdbc.Transactions#in}
     * @param eventId the id of the event, at most 200 characters
     * @return whether the work was done now
     * @throws SQLException what the work threw, or why the id could not be written
     * @throws IllegalArgumentException if the connection commits each statement by itself
     */
    public boolean once(Connection connection, String eventId, Work<?> work) throws SQLException {
        if (connection.getAutoCommit()) {
            throw new IllegalArgumentException(
                    "inbox: the connection is in no transaction; call it inside of Transactions.in(…)");
        }
        if (!isFirst(connection, eventId)) {
            counts.duplicate().increment();
            return false;
        }
        Object _ = work.run(connection);
        counts.first().increment();
        return true;
    }

    private boolean isFirst(Connection connection, String eventId) throws SQLException {
        OutboxDialect known = dialect;
        if (known == null) {
            known = OutboxDialect.of(connection);
            dialect = known;
        }
        try (PreparedStatement statement = connection.prepareStatement(known.insertIfNew(table))) {
            statement.setString(1, handler);
            statement.setString(2, eventId);
            statement.setLong(3, clock.instant().toEpochMilli());
            Savepoint before = known == OutboxDialect.H2 ? connection.setSavepoint() : null;
            try {
                return statement.executeUpdate() == 1;
            } catch (SQLException failure) {
                String state = failure.getSQLState();
                if (before != null && state != null && state.startsWith(DUPLICATE_KEY)) {
                    connection.rollback(before);
                    return false;
                }
                onFailure.accept(failure);
                throw failure;
            }
        }
    }

    /** Deletes the ids of events that were processed earlier. */
    int clean(Connection connection, Duration retention) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("DELETE FROM " + table + " WHERE processed_at < ?")) {
            statement.setLong(1, clock.instant().minus(retention).toEpochMilli());
            return statement.executeUpdate();
        }
    }
}
