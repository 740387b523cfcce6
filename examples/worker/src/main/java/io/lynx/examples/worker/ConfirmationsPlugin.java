package io.lynx.examples.worker;

import io.lynx.event.Subscription;
import io.lynx.event.Topic;
import io.lynx.event.TopicFilter;
import io.lynx.http.HttpException;
import io.lynx.http.HttpServer;
import io.lynx.http.Request;
import io.lynx.http.Response;
import io.lynx.jdbc.JdbcPlugin;
import io.lynx.jdbc.outbox.InboxPlugin;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import java.sql.SQLException;

/** Confirms each order when its event is received. {@code GET /confirmations/{order}} returns the confirmation. */
final class ConfirmationsPlugin implements Plugin {
    /** The topic of the orders service. A bridge receives its events from Kafka. */
    static final Topic<OrderPlaced> PLACED = Topic.of("shop", "order.placed", OrderPlaced.class);

    /** The name of the database, below {@code lynx.jdbc}, and of its inbox, below {@code lynx.inbox}. */
    private static final String DATABASE = "worker";

    @Override
    public PluginDescriptor descriptor() {
        return PluginDescriptor.of("confirmations")
                .requires("http")
                .requires("jdbc." + DATABASE)
                .requires(InboxPlugin.id(DATABASE))
                .build();
    }

    /**
     * Subscribes with several events at a time: the bridge does not deliver the next event of a customer before the handler of the one
     * before it has returned.
     */
    @Override
    public void start(PluginContext context) {
        Confirmations confirmations = new Confirmations(
                context.resource(JdbcPlugin.transactions(DATABASE)), context.resource(InboxPlugin.key(DATABASE)));
        Subscription _ = context.events()
                .subscribe(
                        TopicFilter.topic(PLACED), event -> confirmations.confirm(event), o -> o.name("confirmations")
                                .concurrency(16));
        context.resource(HttpServer.ROUTES)
                .add(
                        context,
                        http -> http.get(
                                "/confirmations/{order}",
                                (request, response) -> read(confirmations, request, response)));
    }

    private static void read(Confirmations confirmations, Request request, Response response) throws SQLException {
        long order = request.path("order", Long.class).required();
        response.json(confirmations.find(order).orElseThrow(HttpException::notFound));
    }
}
