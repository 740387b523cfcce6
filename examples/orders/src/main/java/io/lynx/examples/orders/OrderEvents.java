package io.lynx.examples.orders;

import io.lynx.event.Topic;

/** The events that the plugins of this service exchange on the business bus, and the one that other services receive. */
final class OrderEvents {
    private static final String BUS = "business";

    /** An order was stored. */
    static final Topic<Order> PLACED = Topic.of(BUS, "order.placed", Order.class);

    /** The status of an order changed. */
    static final Topic<Order> CHANGED = Topic.of(BUS, "order.changed", Order.class);

    /**
     * An order was stored; for other services. It is kept in the outbox by the transaction that stores the order, and sent by a bridge.
     */
    static final Topic<Order> ANNOUNCED =
            Topic.of("shop", "order.placed", Order.class).durable();

    private OrderEvents() {}
}
