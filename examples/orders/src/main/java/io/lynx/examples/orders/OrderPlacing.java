package io.lynx.examples.orders;

import io.lynx.event.Event.EventHeaders;
import io.lynx.event.EventBuses;
import io.lynx.resilience.RateLimiter;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Places orders within a rate limit, and publishes an event for each. Thread-safe. */
final class OrderPlacing {
    private static final Logger LOG = LoggerFactory.getLogger(OrderPlacing.class);
    private static final EventHeaders SINGLE = EventHeaders.NONE.withSource("orders");
    private static final EventHeaders IMPORT = EventHeaders.NONE.withSource("orders.import");

    private final OrderRepository orders;
    private final EventBuses events;
    private final boolean isAnnouncing;
    private final RateLimiter limit;
    private final InstantSource clock;

    /**
     * Creates it.
     *
     * @param isAnnouncing whether other services receive an event of each order
     */
    OrderPlacing(
            OrderRepository orders, EventBuses events, boolean isAnnouncing, RateLimiter limit, InstantSource clock) {
        this.orders = orders;
        this.events = events;
        this.isAnnouncing = isAnnouncing;
        this.limit = limit;
        this.clock = clock;
    }

    /** Takes a permit of the rate limit. If there is none, the server answers 429 with {@code Retry-After}. */
    void acquire() throws InterruptedException {
        limit.acquire();
    }

    Order place(NewOrder.Valid order) throws SQLException {
        Order placed = orders.in(_ -> announced(orders.place(order, clock.instant())));
        LOG.atDebug().addKeyValue("order", placed.id()).log("Order was placed");
        var _ = events.publish(OrderEvents.PLACED, placed, SINGLE);
        return placed;
    }

    /** Places every one of these orders, or none of them. */
    List<Order> placeAll(List<NewOrder.Valid> all) throws SQLException {
        List<Order> placed = orders.in(_ -> orders.placeAll(all, clock.instant()).stream()
                .map(this::announced)
                .toList());
        placed.forEach(order -> {
            var _ = events.publish(OrderEvents.PLACED, order, IMPORT);
        });
        return placed;
    }

    /** Writes the event for other services in the transaction of the order. Those of one customer stay in order. */
    private Order announced(Order order) {
        if (isAnnouncing) {
            var _ = events.publish(OrderEvents.ANNOUNCED, order, SINGLE.withKey(order.customer()));
        }
        return order;
    }
}
