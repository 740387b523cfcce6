package io.lynx.jdbc.outbox;

import io.lynx.event.Event;
import io.lynx.event.Event.EventHeaders;
import io.lynx.event.EventBuses;
import io.lynx.event.PublishResult;
import io.lynx.event.Topic;
import io.lynx.event.TopicFilter;
import io.lynx.extension.ResourceKey;
import io.lynx.jdbc.JdbcPlugin;
import io.lynx.jdbc.Transactions;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** The plugin of the guide to the outbox. */
// snippet: outbox-plugin
final class ShopPlugin implements Plugin {
    record OrderPlaced(String id, int lamps) {}

    static final Topic<OrderPlaced> PLACED =
            Topic.of("business", "order.placed", OrderPlaced.class).durable();
    static final ResourceKey<Shop> SHOP = ResourceKey.of("shop", Shop.class);

    @Override
    public PluginDescriptor descriptor() {
        return PluginDescriptor.of("shop").requires("outbox").requires("inbox").build();
    }

    @Override
    public void start(PluginContext context) {
        Shop shop = new Shop(
                context.resource(JdbcPlugin.transactions()), context.resource(InboxPlugin.key()), context.events());
        context.share(SHOP, shop);
        context.events().subscribe(TopicFilter.topic(PLACED), event -> shop.reserve(event));
    }

    record Shop(Transactions transactions, EventInbox inbox, EventBuses events) {
        /** The order and its event are committed together, or neither is. */
        void place(String id, int lamps) throws SQLException {
            PublishResult _ = transactions.in(connection -> {
                update(connection, "INSERT INTO orders (lamps, id) VALUES (?, ?)", lamps, id);
                return events.publish(PLACED, new OrderPlaced(id, lamps), EventHeaders.NONE.withKey(id));
            });
        }

        /** An event may be delivered again: the inbox lets it have its effect once. */
        void reserve(Event<? extends OrderPlaced> event) throws SQLException {
            OrderPlaced order = event.payload();
            boolean _ = transactions.in(connection -> inbox.once(
                    connection,
                    event,
                    it -> update(
                            it, "UPDATE stock SET left_over = left_over - ? WHERE item = ?", order.lamps(), "lamp")));
        }

        private static int update(Connection connection, String sql, int number, String name) throws SQLException {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setInt(1, number);
                statement.setString(2, name);
                return statement.executeUpdate();
            }
        }
    }
}
// end
