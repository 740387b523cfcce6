package io.lynx.benchmarks.outbox;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.zaxxer.hikari.HikariDataSource;
import io.lynx.jdbc.test.PostgresServer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/**
 * An outbox as a team writes it by hand on the bare pool: an insert for each event, and a thread that reads up to 500 rows, counts them as
 * delivered, deletes them, and sleeps for 5 ms if there were none. Without a lease, retries, dead letters, metrics or traces.
 */
final class BareOutbox implements OutboxVariant {
    private static final int BATCH = 500;
    private static final long PAUSE_MILLIS = 5;

    private final HikariDataSource pool = new HikariDataSource();
    private final ObjectMapper json = new ObjectMapper();
    private final LongAdder delivered = new LongAdder();
    private final AtomicReference<SQLException> failure = new AtomicReference<>();
    private final Thread relay = new Thread(this::relay, "bare-relay");

    /** Creates its table on the server, and starts to deliver. */
    BareOutbox(PostgresServer server, int connections) throws SQLException {
        server.execute("CREATE TABLE bare_outbox (seq BIGSERIAL PRIMARY KEY, id UUID NOT NULL, event_key VARCHAR(400),"
                + " created_at TIMESTAMP NOT NULL, data BYTEA NOT NULL)");
        pool.setJdbcUrl(server.url());
        pool.setUsername(PostgresServer.USER);
        pool.setPassword(PostgresServer.PASSWORD);
        pool.setMaximumPoolSize(connections);
        pool.setAutoCommit(false);
        relay.start();
    }

    @Override
    public void publish(String order, int count) throws Exception {
        try (Connection connection = pool.getConnection();
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO bare_outbox (id, event_key, created_at, data) VALUES (gen_random_uuid(), ?, ?, ?)")) {
            for (int i = 0; i < count; i++) {
                insert.setString(1, order + "-" + i);
                insert.setTimestamp(2, Timestamp.from(Instant.now()));
                insert.setBytes(3, json.writeValueAsString(Placed.of(order)).getBytes(StandardCharsets.UTF_8));
                int _ = insert.executeUpdate();
            }
            connection.commit();
        }
    }

    @Override
    public long delivered() {
        if (failure.get() != null) {
            throw new IllegalStateException("bare outbox: it has stopped", failure.get());
        }
        return delivered.sum();
    }

    private void relay() {
        try (Connection connection = pool.getConnection()) {
            while (!Thread.currentThread().isInterrupted()) {
                int count = deliver(connection);
                if (count == 0) {
                    Thread.sleep(PAUSE_MILLIS);
                }
            }
        } catch (SQLException e) {
            failure.set(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int deliver(Connection connection) throws SQLException {
        List<Long> read = new ArrayList<>();
        long bytes = 0;
        try (PreparedStatement select = connection.prepareStatement(
                        "SELECT seq, event_key, data FROM bare_outbox ORDER BY seq LIMIT " + BATCH);
                ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                read.add(rows.getLong(1));
                bytes += rows.getString(2).length() + rows.getBytes(3).length;
            }
        }
        if (!read.isEmpty() && bytes > 0) {
            try (PreparedStatement delete =
                    connection.prepareStatement("DELETE FROM bare_outbox WHERE seq = ANY (?)")) {
                delete.setArray(1, connection.createArrayOf("bigint", read.toArray()));
                int _ = delete.executeUpdate();
            }
        }
        connection.commit();
        delivered.add(read.size());
        return read.size();
    }

    @Override
    public void close() throws InterruptedException {
        relay.interrupt();
        relay.join();
        pool.close();
    }
}
