package io.lynx.examples.orders;

import io.lynx.event.Event;
import io.lynx.event.Subscription;
import io.lynx.event.TopicFilter;
import io.lynx.grpc.GrpcServer;
import io.lynx.http.HttpServer;
import io.lynx.jdbc.outbox.OutboxPlugin;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.resilience.RateLimiter;
import java.time.Duration;
import java.time.InstantSource;

/**
 * The routes of the service: {@code /orders}, and {@code /live}, a page that shows them. If the gRPC server runs, {@code
 * orders.v1.OrderService} does the same.
 */
final class OrdersPlugin implements Plugin {
    @Override
    public PluginDescriptor descriptor() {
        return PluginDescriptor.of("orders")
                .requires("http")
                .requires(OrderRepository.PLUGIN)
                .requires(CachePlugin.ID)
                .uses(OutboxPlugin.id(OrderRepository.DATABASE))
                .uses(GrpcServer.ID)
                .uses(InventoryClientPlugin.ID)
                .uses(WorkerPlugin.ID)
                .config("orders.placing", PlacingConfig.class)
                .config("orders.access", AccessConfig.class)
                .build();
    }

    @Override
    public void start(PluginContext context) {
        AccessConfig access = context.config(AccessConfig.class);
        OrderRepository orders = OrderRepository.of(context);
        InstantSource clock = InstantSource.system();
        PlacedOrders placed = new PlacedOrders(context.metrics().registry());
        PlacingConfig config = context.config(PlacingConfig.class);
        OrderPlacing placing =
                new OrderPlacing(orders, context.events(), config.announce(), limit(context, config), clock);
        OrderChanges changes = new OrderChanges(Long.toString(clock.millis(), Character.MAX_RADIX));
        OrderWatchers watchers = new OrderWatchers();
        Subscription _ = context.events()
                .subscribe(
                        TopicFilter.matching("business", "order.*"),
                        event -> publish(event, changes, watchers),
                        o -> o.name("orders.changes"));
        Inventory inventory =
                new Inventory(context.findResource(InventoryClientPlugin.CLIENT).orElse(null));
        OrderReading reading = new OrderReading(orders, context.resource(CachePlugin.CACHE), inventory);
        OrderRoutes routes = new OrderRoutes(
                reading,
                new OrderWriting(placing, placed, access),
                new OrderFiles(orders, placing, placed, access),
                changes);
        context.resource(HttpServer.ROUTES).add(context, http -> {
            http.path("/orders", routes::addTo);
            LivePage.addTo(http);
        });
        context.findResource(GrpcServer.SERVICES)
                .ifPresent(grpc -> grpc.add(
                        context, access.forCalls(), new OrderCalls(reading, placing, placed, access, watchers)));
    }

    private static RateLimiter limit(PluginContext context, PlacingConfig config) {
        return RateLimiter.builder("orders.placing", config.perSecond(), Duration.ofSeconds(1))
                .ticker(context.ticker())
                .build();
    }

    private static void publish(Event<?> event, OrderChanges changes, OrderWatchers watchers) {
        if (event.payload() instanceof Order order) {
            changes.publish(event.type(), order);
            watchers.publish(event.type(), order);
        }
    }
}
