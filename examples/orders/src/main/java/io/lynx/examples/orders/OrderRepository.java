package io.lynx.examples.orders;

import io.lynx.jdbc.JdbcPlugin;
import io.lynx.jdbc.Transactions;
import io.lynx.plugin.PluginContext;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** Reads and writes the orders in the database. Blocks; thread-safe. */
final class OrderRepository {
    /** The name of the database, below {@code lynx.jdbc}. */
    static final String DATABASE = "orders";

    /** The id of the plugin of the database. */
    static final String PLUGIN = "jdbc." + DATABASE;

    private static final String COLUMNS = "id, customer, product, quantity, unit_price, status, placed_at";

    private final DataSource database;
    private final Transactions transactions;

    OrderRepository(DataSource database, Transactions transactions) {
        this.database = database;
        this.transactions = transactions;
    }

    /** Returns the repository for a plugin that requires {@link #PLUGIN}. */
    static OrderRepository of(PluginContext context) {
        return new OrderRepository(
                context.resource(JdbcPlugin.key(DATABASE)), context.resource(JdbcPlugin.transactions(DATABASE)));
    }

    /** Runs work in a transaction, which the methods of this repository then join. */
    <T> T in(Transactions.Work<T> work) throws SQLException {
        return transactions.in(work);
    }

    /** Stores a new order. */
    Order place(NewOrder.Valid order, Instant now) throws SQLException {
        return transactions.in(connection ->
                insert("orders.place", List.of(order), now, connection).getFirst());
    }

    /** Stores new orders, all of them or none; returns them in the same sequence. */
    List<Order> placeAll(List<NewOrder.Valid> placed, Instant now) throws SQLException {
        return transactions.in(connection -> insert("orders.import", placed, now, connection));
    }

    private static List<Order> insert(String name, List<NewOrder.Valid> placed, Instant now, Connection connection)
            throws SQLException {
        Instant placedAt = now.truncatedTo(ChronoUnit.MILLIS);
        String sql =
                "/* " + name + " */ INSERT INTO orders (customer, product, quantity, unit_price, status, placed_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?)";
        try (PreparedStatement insert = connection.prepareStatement(sql, new String[] {"id"})) {
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
        List<Order> found = query("/* orders.find */ SELECT " + COLUMNS + " FROM orders WHERE id = ?", id);
        return found.stream().findFirst();
    }

    /** Returns the next {@code limit} orders whose id is above {@code after}, ascending. */
    List<Order> page(long after, int limit) throws SQLException {
        return query(
                "/* orders.page */ SELECT " + COLUMNS + " FROM orders WHERE id > ? ORDER BY id LIMIT ?", after, limit);
    }

    /** Returns the last {@code limit} orders, descending. */
    List<Order> latest(int limit) throws SQLException {
        return query("/* orders.latest */ SELECT " + COLUMNS + " FROM orders ORDER BY id DESC LIMIT ?", limit);
    }

    /** Returns the next {@code limit} unconfirmed orders whose id is above {@code after}, ascending. */
    List<Order> unconfirmed(long after, int limit) throws SQLException {
        String sql = "/* orders.unconfirmed */ SELECT " + COLUMNS
                + " FROM orders WHERE status = ? AND id > ? ORDER BY id LIMIT ?";
        return query(sql, OrderStatus.PLACED.name(), after, limit);
    }

    /** Confirms an order; returns false if it was confirmed already. */
    boolean confirm(long id) throws SQLException {
        String sql = "/* orders.confirm */ UPDATE orders SET status = ? WHERE id = ? AND status = ?";
        try (Connection connection = database.getConnection();
                PreparedStatement update = connection.prepareStatement(sql)) {
            update.setString(1, OrderStatus.CONFIRMED.name());
            update.setLong(2, id);
            update.setString(3, OrderStatus.PLACED.name());
            return update.executeUpdate() == 1;
        }
    }

    /** Deletes up to {@code limit} confirmed orders that were placed earlier than {@code before}, in the caller's transaction. */
    static int deleteConfirmed(Connection connection, Instant before, int limit) throws SQLException {
        String sql = "/* orders.prune */ DELETE FROM orders WHERE id IN"
                + " (SELECT id FROM orders WHERE status = ? AND placed_at < ? ORDER BY id LIMIT ?)";
        try (PreparedStatement delete = connection.prepareStatement(sql)) {
            delete.setString(1, OrderStatus.CONFIRMED.name());
            delete.setObject(2, before.atOffset(ZoneOffset.UTC));
            delete.setInt(3, limit);
            return delete.executeUpdate();
        }
    }

    private List<Order> query(String sql, Object... parameters) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
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
