package io.lynx.examples.orders;

import io.lynx.http.HttpServer;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import java.time.InstantSource;

/** The routes of the service: {@code /orders}. */
final class OrdersPlugin implements Plugin {
    @Override
    public PluginDescriptor descriptor() {
        return PluginDescriptor.of("orders")
                .requires("http")
                .requires(DatabasePlugin.ID)
                .requires(CachePlugin.ID)
                .uses(WorkerPlugin.ID)
                .build();
    }

    @Override
    public void start(PluginContext context) {
        OrderRoutes routes = new OrderRoutes(
                context.resource(DatabasePlugin.ORDERS),
                context.resource(CachePlugin.CACHE),
                context.events(),
                InstantSource.system());
        context.resource(HttpServer.ROUTES)
                .add(
                        context,
                        http -> http.path("/orders", orders -> {
                            orders.intercept(new PlacedOrders(context.metrics().registry()));
                            routes.addTo(orders);
                        }));
    }
}
