package io.lynx.examples.orders;

import io.lynx.event.Topic;

/** The events that the plugins of this service exchange on the business bus. */
final class OrderEvents {
    private static final String BUS = "business";

    /** An order was stored. */
    static final Topic<Order> PLACED = Topic.of(BUS, "order.placed", Order.class);

    /** The status of an order changed. */
    static final Topic<Order> CHANGED = Topic.of(BUS, "order.changed", Order.class);

    private OrderEvents() {}
}
