package io.lynx.jdbc.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lynx.event.bridge.BridgeMessage;
import io.lynx.json.JsonCodec;
import io.lynx.json.TypeOf;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/*
 * A row is in one of three states:
 *
 *   0  waiting    written by publishers; the leader reads these, lowest seq first
 *   1  delivered  kept for lynx.outbox.retention; deleted at once if that is zero
 *   2  dead       a handler failed too often, or the event cannot be read; kept for dead_retention, for an operator
 *
 * Two transactions can commit in another order than that of their seq: a row can appear before one that was read already. Since each
 * round reads from the head again, it is not missed. Events of one key are in the order of their seq if the transactions that write them
 * exclude each other, such as by changing the same row before they publish.
 */

/** The table of an outbox. Thread-safe; the caller's connection decides about the transaction. */
final class OutboxTable {
    private static final int WAITING = 0;
    private static final int DELIVERED = 1;
    private static final int DEAD = 2;

    /** What counts as one in the lag: counting more costs the database too much. */
    static final int MOST_COUNTED = 100_000;

    private static final int LONGEST_PROBLEM = 1000;
    private static final TypeOf<Map<String, String>> ATTRIBUTES = new TypeOf<>() {};

    private final String table;
    private final JsonCodec json;
    private final InstantSource clock;
    private final String insert;

    /** A row that waits, with the bus and the type of its event as its topic. Immutable. */
    record OutboxRow(long seq, String key, String topic, BridgeMessage message) {
        OutboxRow(long seq, String key, BridgeMessage message) {
            this(seq, key, message.attribute("lynxbus") + "/" + message.type(), message);
        }
    }

    /** How much waits. Immutable. */
    record Backlog(long waiting, long oldestAgeMillis, long dead) {}

    OutboxTable(String table, JsonCodec json, InstantSource clock) {
        this.table = table;
        this.json = json;
        this.clock = clock;
        this.insert = "INSERT INTO " + table
                + " (event_id, event_key, state, created_at, changed_at, attributes, data) VALUES (?, ?, ?, ?, ?, ?, ?)";
    }

    TableSetup setup() {
        return new TableSetup(dialect -> dialect.createOutbox(table));
    }

    /** Writes an event; one without a key has its id as its key, so that it waits for no other. */
    void write(Connection connection, BridgeMessage message) throws SQLException {
        long now = clock.instant().toEpochMilli();
        try (PreparedStatement statement = connection.prepareStatement(insert)) {
            statement.setString(1, message.id());
            statement.setString(2, message.key().isEmpty() ? message.id() : message.key());
            statement.setInt(3, WAITING);
            statement.setLong(4, now);
            statement.setLong(5, now);
            statement.setString(6, new String(json.write(message.attributes()), UTF_8));
            statement.setString(7, new String(message.data(), UTF_8));
            int _ = statement.executeUpdate();
        }
    }

    /** Returns the first rows that wait after the row {@code after}, without those of some keys. */
    List<OutboxRow> next(Connection connection, int most, long after, Collection<String> without) throws SQLException {
        String sql = "SELECT seq, event_key, attributes, data FROM " + table + " WHERE state = 0 AND seq > ?"
                + (without.isEmpty() ? "" : " AND event_key NOT IN (" + parameters(without) + ")")
                + " ORDER BY seq LIMIT "
                + most;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, after, without);
            List<OutboxRow> rows = new ArrayList<>();
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    Map<String, String> attributes =
                            json.read(result.getString(3).getBytes(UTF_8), ATTRIBUTES);
                    BridgeMessage message =
                            new BridgeMessage(attributes, result.getString(4).getBytes(UTF_8));
                    rows.add(new OutboxRow(result.getLong(1), result.getString(2), message));
                }
            }
            return rows;
        }
    }

    /** Returns those of some keys of which a row waits that is not after the row {@code last}. */
    Set<String> waiting(Connection connection, Collection<String> keys, long last) throws SQLException {
        Set<String> waiting = new HashSet<>();
        if (keys.isEmpty()) {
            return waiting;
        }
        try (PreparedStatement statement = connection.prepareStatement("SELECT DISTINCT event_key FROM " + table
                + " WHERE state = 0 AND seq <= ? AND event_key IN (" + parameters(keys) + ")")) {
            bind(statement, last, keys);
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    boolean _ = waiting.add(result.getString(1));
                }
            }
        }
        return waiting;
    }

    private static void bind(PreparedStatement statement, long seq, Collection<String> keys) throws SQLException {
        statement.setLong(1, seq);
        int place = 2;
        for (String key : keys) {
            statement.setString(place++, key);
        }
    }

    private static String parameters(Collection<?> values) {
        return "?, ".repeat(values.size() - 1) + "?";
    }

    /** Marks or deletes rows that were delivered. */
    void delivered(Connection connection, List<Long> seqs, boolean keep) throws SQLException {
        if (seqs.isEmpty()) {
            return;
        }
        String where = " WHERE state = 0 AND seq IN (" + parameters(seqs) + ")";
        String sql = keep
                ? "UPDATE " + table + " SET state = " + DELIVERED + ", changed_at = "
                        + clock.instant().toEpochMilli() + where
                : "DELETE FROM " + table + where;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            int place = 1;
            for (long seq : seqs) {
                statement.setLong(place++, seq);
            }
            int _ = statement.executeUpdate();
        }
    }

    /** Marks a row as a dead letter. */
    void dead(Connection connection, long seq, String problem) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "UPDATE " + table + " SET state = ?, changed_at = ?, problem = ? WHERE state = 0 AND seq = ?")) {
            statement.setInt(1, DEAD);
            statement.setLong(2, clock.instant().toEpochMilli());
            // PostgreSQL refuses a text with this character.
            String text = problem.replace('\0', '?');
            statement.setString(3, text.length() > LONGEST_PROBLEM ? text.substring(0, LONGEST_PROBLEM) : text);
            statement.setLong(4, seq);
            int _ = statement.executeUpdate();
        }
    }

    /** Deletes delivered and dead rows that have been kept for long enough; returns how many. */
    int clean(Connection connection, long retentionMillis, long deadRetentionMillis) throws SQLException {
        long now = clock.instant().toEpochMilli();
        try (PreparedStatement statement = connection.prepareStatement("DELETE FROM " + table + " WHERE (state = "
                + DELIVERED + " AND changed_at < ?) OR (state = " + DEAD + " AND changed_at < ?)")) {
            statement.setLong(1, now - retentionMillis);
            statement.setLong(2, now - deadRetentionMillis);
            return statement.executeUpdate();
        }
    }

    /** Counts what waits, up to {@value #MOST_COUNTED} rows. */
    Backlog backlog(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            long waiting = single(statement, counted(WAITING));
            long dead = single(statement, counted(DEAD));
            long oldest = waiting == 0
                    ? 0
                    : single(statement, "SELECT created_at FROM " + table + " WHERE state = 0 ORDER BY seq LIMIT 1");
            long age = oldest == 0 ? 0 : Math.max(0, clock.instant().toEpochMilli() - oldest);
            return new Backlog(waiting, age, dead);
        }
    }

    private String counted(int state) {
        return "SELECT count(*) FROM (SELECT 1 FROM " + table + " WHERE state = " + state + " LIMIT " + MOST_COUNTED
                + ") AS counted";
    }

    private static long single(Statement statement, String sql) throws SQLException {
        try (ResultSet result = statement.executeQuery(sql)) {
            return result.next() ? result.getLong(1) : 0;
        }
    }
}
