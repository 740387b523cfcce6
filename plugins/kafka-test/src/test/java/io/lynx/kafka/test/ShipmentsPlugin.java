package io.lynx.kafka.test;

import io.lynx.http.HttpServer;
import io.lynx.kafka.KafkaPlugin;
import io.lynx.kafka.KafkaSender;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The plugin of the guide to messaging. */
// snippet: messaging-plugin
final class ShipmentsPlugin implements Plugin {
    record Order(long id, String article) {}

    private final Set<Long> shipped = ConcurrentHashMap.newKeySet();

    @Override
    public PluginDescriptor descriptor() {
        return PluginDescriptor.of("shipments")
                .requires("http")
                .requires("kafka")
                .build();
    }

    @Override
    public void start(PluginContext context) {
        KafkaSender sender = context.resource(KafkaPlugin.sender());
        context.resource(HttpServer.ROUTES).add(context, http -> http.post("/orders", (request, response) -> {
                    Order order = request.json(Order.class);
                    var _ = sender.send("orders", String.valueOf(order.id()), order);
                    response.status(202).json(order);
                })
                .get("/shipments", (request, response) -> response.json(shipped)));
        var _ = context.resource(KafkaPlugin.consumers())
                .add(context, "orders", Order.class, order -> ship(order.value()));
    }

    private void ship(Order order) {
        boolean _ = shipped.add(order.id()); // In your service, a transaction of the database.
    }
}
// end
