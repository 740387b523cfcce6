package io.lynx.jdbc.outbox;

import io.lynx.event.Event;
import io.lynx.jdbc.Transactions.Work;
import io.lynx.metrics.Counter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The events that handlers have processed, in a table of their database. Whoever delivers events at least once delivers some again; with
 * the id written in the transaction of the handler's own changes, each event has its effect once. Thread-safe.
 */
public final class EventInbox {
    private static final int LONGEST_HANDLER = 100;
    private static final int LONGEST_ID = 200;

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
     * @throws IllegalArgumentException if the name is longer
     */
    public EventInbox handler(String name) {
        require("handler", name, LONGEST_HANDLER);
        return new EventInbox(table, name, clock, onFailure, counts);
    }

    /**
     * Does the work of an event unless it was done, as {@link #once(Connection, String, Work)} does. The event is identified by its source
     * and its id, which are unique only together (CloudEvents 1.0, 3.1).
     */
    public boolean once(Connection connection, Event<?> event, Work<?> work) throws SQLException {
        return once(connection, key(event.headers().source(), event.id()), work);
    }

    /** Returns what identifies an event: its source and its id, or a digest of both if they are too long. */
    static String key(String source, String id) {
        if (source.isEmpty()) {
            return id.length() <= LONGEST_ID ? id : digest(id);
        }
        // A source is a URI reference, which has no spaces.
        String key = source.replace(" ", "%20") + " " + id;
        return key.length() <= LONGEST_ID ? key : digest(key);
    }

    private static String digest(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return "sha-256 " + HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible); // Every platform has it.
        }
    }

    private static void require(String name, String value, int longest) {
        if (value.length() > longest) {
            throw new IllegalArgumentException("inbox: " + name + " has " + value.length() + " characters ("
                    + value.substring(0, 20) + "…); at most " + longest + " are allowed");
        }
    }

    /**
     * Does the work of an event unless it was done. A second delivery at the same time waits for the first. If the transaction is rolled
     * back, the event counts as not processed.
     *
     * @param connection the connection of the transaction of the work, such as that of {@link io.lynx.jdbc.Transactions#in}
     * @param eventId the id of the event, at most 200 characters
     * @return whether the work was done now
     * @throws SQLException what the work threw, or why the id could not be written
     * @throws IllegalArgumentException if the connection is in auto-commit mode, or if the id is longer
     */
    public boolean once(Connection connection, String eventId, Work<?> work) throws SQLException {
        if (connection.getAutoCommit()) {
            throw new IllegalArgumentException(
                    "inbox: the connection is in no transaction; call it inside of Transactions.in(…)");
        }
        require("event id", eventId, LONGEST_ID);
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
                if (known.isDuplicate(failure)) {
                    if (before != null) {
                        connection.rollback(before);
                    }
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
