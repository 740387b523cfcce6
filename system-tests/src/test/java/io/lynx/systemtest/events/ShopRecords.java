package io.lynx.systemtest.events;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the databases of the shop contain. Stateless. */
final class ShopRecords {
    private ShopRecords() {}

    /** Returns the products of all orders, by the id of the order. */
    static Map<Long, String> orders(ShopServers servers) throws SQLException {
        try (Connection connection = servers.connect("orders");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT id, product FROM orders ORDER BY id")) {
            Map<Long, String> orders = new LinkedHashMap<>();
            while (rows.next()) {
                orders.put(rows.getLong(1), rows.getString(2));
            }
            return orders;
        }
    }

    /** Returns the orders that were confirmed, in the sequence of their confirmations. */
    static List<Long> confirmed(ShopServers servers) throws SQLException {
        try (Connection connection = servers.connect("worker");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT order_id FROM confirmation ORDER BY id")) {
            List<Long> orders = new ArrayList<>();
            while (rows.next()) {
                orders.add(rows.getLong(1));
            }
            return orders;
        }
    }

    /** Returns how many events are in the outbox, dead letters included. */
    static long inOutbox(ShopServers servers) throws SQLException {
        return count(servers, "orders", "SELECT count(*) FROM lynx_outbox");
    }

    /** Returns how many orders the database of orders has. */
    static long placed(ShopServers servers) throws SQLException {
        return count(servers, "orders", "SELECT count(*) FROM orders");
    }

    /** Returns how many confirmations the worker has written. */
    static long confirmations(ShopServers servers) throws SQLException {
        return count(servers, "worker", "SELECT count(*) FROM confirmation");
    }

    private static long count(ShopServers servers, String service, String sql) throws SQLException {
        try (Connection connection = servers.connect(service);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            boolean _ = rows.next();
            return rows.getLong(1);
        }
    }
}
