package io.lynx.examples.worker;

import io.lynx.event.Event;
import io.lynx.jdbc.Transactions;
import io.lynx.jdbc.outbox.EventInbox;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** Writes and reads the confirmations in the database. Blocks; thread-safe. */
final class Confirmations {
    private final Transactions transactions;
    private final EventInbox inbox;

    Confirmations(Transactions transactions, EventInbox inbox) {
        this.transactions = transactions;
        this.inbox = inbox;
    }

    /**
     * Confirms an order, unless an earlier delivery of the same event has done that. The identity of the event and the confirmation are committed
     * together. If that fails, the event is delivered again.
     */
    void confirm(Event<? extends OrderPlaced> event) throws SQLException {
        boolean _ = transactions.in(connection -> inbox.once(connection, event, same -> insert(same, event.payload())));
    }

    private static int insert(Connection connection, OrderPlaced order) throws SQLException {
        String sql = "/* confirmations.add */ INSERT INTO confirmation (order_id, customer, total) VALUES (?, ?, ?)";
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            insert.setLong(1, order.id());
            insert.setString(2, order.customer());
            insert.setBigDecimal(3, order.total());
            return insert.executeUpdate();
        }
    }

    /** Returns the confirmation of an order, if there is one. */
    Optional<Confirmation> find(long order) throws SQLException {
        return transactions.in(connection -> {
            String sql = "/* confirmations.find */ SELECT customer, total FROM confirmation WHERE order_id = ?";
            try (PreparedStatement select = connection.prepareStatement(sql)) {
                select.setLong(1, order);
                try (ResultSet rows = select.executeQuery()) {
                    return rows.next()
                            ? Optional.of(new Confirmation(order, rows.getString(1), rows.getBigDecimal(2)))
                            : Optional.empty();
                }
            }
        });
    }
}
