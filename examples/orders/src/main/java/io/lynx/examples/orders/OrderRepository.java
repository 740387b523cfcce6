package io.lynx.examples.orders;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Reads and writes the orders in the database, through its {@link DatabaseGuard}. Blocks; thread-safe.
 *
 * <p>Every method throws an {@link SQLException} if the database fails; {@link DatabaseErrors} distinguishes failures
 * for which another attempt may help.
 */
final class OrderRepository {
    private static final String COLUMNS = "id, customer, product, quantity, unit_price, status, placed_at";

    private final DataSource database;
    private final int timeoutSeconds;
    private final DatabaseGuard guard;
    private final MeasuredQueries queries;

    /** Creates a repository without a guard and without metrics. */
    OrderRepository(DataSource database, Duration queryTimeout) {
        this(database, queryTimeout, DatabaseGuard.none(), MeasuredQueries.unseen());
    }

    OrderRepository(DataSource database, Duration queryTimeout, DatabaseGuard guard, MeasuredQueries queries) {
        this.guard = guard;
        this.queries = queries;
        this.database = database;
        this.timeoutSeconds = (int) queryTimeout.toSeconds();
    }

    /** Creates the tables and indexes that do not exist. */
    static void createSchema(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("""
                CREATE TABLE IF NOT EXISTS orders (
                    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                    customer VARCHAR(100) NOT NULL,
                    product VARCHAR(100) NOT NULL,
                    quantity INT NOT NULL,
                    unit_price DECIMAL(12, 2) NOT NULL,
                    status VARCHAR(16) NOT NULL,
                    placed_at TIMESTAMP(3) WITH TIME ZONE NOT NULL
                )\
                """);
            statement.execute("CREATE INDEX IF NOT EXISTS orders_by_status ON orders (status, id)");
        }
    }

    /** Stores a new order. */
    Order place(NewOrder.Valid order, Instant now) throws SQLException {
        return guard.call(() -> queries.write("place", () -> insert(order, now)));
    }

    /** Stores new orders, all of them or none; returns them in the same sequence. */
    List<Order> placeAll(List<NewOrder.Valid> placed, Instant now) throws SQLException {
        return guard.call(() -> queries.write("import", () -> insertAll(placed, now)));
    }

    private Order insert(NewOrder.Valid order, Instant now) throws SQLException {
        try (Connection connection = database.getConnection()) {
            return insert(List.of(order), now, connection).getFirst();
        }
    }

    private List<Order> insertAll(List<NewOrder.Valid> placed, Instant now) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false); // until the pool takes it back, which also ends what is not committed
            List<Order> stored = insert(placed, now, connection);
            connection.commit();
            return stored;
        }
    }

    private List<Order> insert(List<NewOrder.Valid> placed, Instant now, Connection connection) throws SQLException {
        Instant placedAt = now.truncatedTo(ChronoUnit.MILLIS);
        String sql = "INSERT INTO orders (customer, product, quantity, unit_price, status, placed_at)"
                + " VALUES (?, ?, ?, ?, ?, ?)";
        try (PreparedStatement insert = connection.prepareStatement(sql, new String[] {"id"})) {
            insert.setQueryTimeout(timeoutSeconds);
            List<Order> stored = new ArrayList<>(placed.size());
            for (NewOrder.Valid order : placed) {
                insert.setString(1, order.customer());
                insert.setString(2, order.product());
                insert.setInt(3, order.quantity());
                insert.setBigDecimal(4, order.unitPrice());
                insert.setString(5, OrderStatus.PLACED.name());
                insert.setObject(6, placedAt.atOffset(ZoneOffset.UTC));
                insert.executeUpdate();
                stored.add(placed(order, key(insert), placedAt));
            }
            return stored;
        }
    }

    private static long key(PreparedStatement insert) throws SQLException {
        try (ResultSet keys = insert.getGeneratedKeys()) {
            keys.next();
            return keys.getLong(1);
        }
    }

    private static Order placed(NewOrder.Valid order, long id, Instant placedAt) {
        return new Order(
                id,
                order.customer(),
                order.product(),
                order.quantity(),
                order.unitPrice(),
                order.total(),
                OrderStatus.PLACED,
                placedAt);
    }

    /** Returns the order of that id, if there is one. */
    Optional<Order> find(long id) throws SQLException {
        List<Order> found = query("find", "SELECT " + COLUMNS + " FROM orders WHERE id = ?", id);
        return found.stream().findFirst();
    }

    /** Returns the next {@code limit} orders whose id is above {@code after}, ascending. */
    List<Order> page(long after, int limit) throws SQLException {
        return query("page", "SELECT " + COLUMNS + " FROM orders WHERE id > ? ORDER BY id LIMIT ?", after, limit);
    }

    /** Returns the last {@code limit} orders, descending. */
    List<Order> latest(int limit) throws SQLException {
        return query("latest", "SELECT " + COLUMNS + " FROM orders ORDER BY id DESC LIMIT ?", limit);
    }

    /** Returns the next {@code limit} unconfirmed orders whose id is above {@code after}, ascending. */
    List<Order> unconfirmed(long after, int limit) throws SQLException {
        String sql = "SELECT " + COLUMNS + " FROM orders WHERE status = ? AND id > ? ORDER BY id LIMIT ?";
        return query("unconfirmed", sql, OrderStatus.PLACED.name(), after, limit);
    }

    /** Confirms an order; returns false if it was confirmed already. */
    boolean confirm(long id) throws SQLException {
        return guard.call(() -> queries.write("confirm", () -> update(id)));
    }

    private boolean update(long id) throws SQLException {
        String sql = "UPDATE orders SET status = ? WHERE id = ? AND status = ?";
        try (Connection connection = database.getConnection();
                PreparedStatement update = connection.prepareStatement(sql)) {
            update.setQueryTimeout(timeoutSeconds);
            update.setString(1, OrderStatus.CONFIRMED.name());
            update.setLong(2, id);
            update.setString(3, OrderStatus.PLACED.name());
            return update.executeUpdate() == 1;
        }
    }

    private List<Order> query(String operation, String sql, Object... parameters) throws SQLException {
        return guard.call(() -> queries.read(operation, () -> select(sql, parameters)));
    }

    private List<Order> select(String sql, Object... parameters) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            select.setQueryTimeout(timeoutSeconds);
            for (int i = 0; i < parameters.length; i++) {
                select.setObject(i + 1, parameters[i]);
            }
            try (ResultSet rows = select.executeQuery()) {
                List<Order> orders = new ArrayList<>();
                while (rows.next()) {
                    orders.add(order(rows));
                }
                return orders;
            }
        }
    }

    private static Order order(ResultSet row) throws SQLException {
        int quantity = row.getInt("quantity");
        BigDecimal unitPrice = row.getBigDecimal("unit_price");
        return new Order(
                row.getLong("id"),
                row.getString("customer"),
                row.getString("product"),
                quantity,
                unitPrice,
                unitPrice.multiply(BigDecimal.valueOf(quantity)),
                OrderStatus.valueOf(row.getString("status")),
                row.getObject("placed_at", OffsetDateTime.class).toInstant());
    }
}
