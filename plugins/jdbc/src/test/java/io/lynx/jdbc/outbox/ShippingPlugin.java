package io.lynx.jdbc.outbox;

import io.lynx.event.Topic;
import io.lynx.event.TopicFilter;
import io.lynx.jdbc.JdbcPlugin;
import io.lynx.jdbc.Transactions;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** The receiving service of the guide to the outbox. */
// snippet: outbox-receiver
final class ShippingPlugin implements Plugin {
    record OrderPlaced(String id, int lamps) {}

    static final Topic<OrderPlaced> PLACED = Topic.of("business", "order.placed", OrderPlaced.class);

    @Override
    public PluginDescriptor descriptor() {
        return PluginDescriptor.of("shipping").requires("inbox").build();
    }

    @Override
    public void start(PluginContext context) {
        Transactions transactions = context.resource(JdbcPlugin.transactions());
        EventInbox inbox = context.resource(InboxPlugin.key());
        context.events().subscribe(TopicFilter.topic(PLACED), event -> {
            boolean _ = transactions.in(connection -> inbox.once(connection, event, it -> ship(it, event.payload())));
        });
    }

    private static int ship(Connection connection, OrderPlaced order) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO shipment (order_id, lamps) VALUES (?, ?)")) {
            insert.setString(1, order.id());
            insert.setInt(2, order.lamps());
            return insert.executeUpdate();
        }
    }
}
// end
