package io.lynx.examples.orders;

import io.lynx.http.HttpServer;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.resilience.RateLimiter;
import java.time.Duration;
import java.time.InstantSource;

/** The routes of the service: {@code /orders}. */
final class OrdersPlugin implements Plugin {
    @Override
    public PluginDescriptor descriptor() {
        return PluginDescriptor.of("orders")
                .requires("http")
                .requires(DatabasePlugin.ID)
                .requires(CachePlugin.ID)
                .uses(InventoryClientPlugin.ID)
                .uses(WorkerPlugin.ID)
                .config("orders.placing", PlacingConfig.class)
                .build();
    }

    @Override
    public void start(PluginContext context) {
        PlacingConfig config = context.config(PlacingConfig.class);
        RateLimiter placing = RateLimiter.builder("orders.placing", config.perSecond(), Duration.ofSeconds(1))
                .ticker(context.ticker())
                .build();
        OrderRoutes routes = new OrderRoutes(
                context.resource(DatabasePlugin.ORDERS),
                context.resource(CachePlugin.CACHE),
                new Inventory(context.findResource(InventoryClientPlugin.CLIENT).orElse(null)),
                context.events(),
                placing,
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
