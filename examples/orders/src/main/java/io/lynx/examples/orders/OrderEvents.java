package io.lynx.examples.orders;

import io.lynx.event.Topic;

/** What the parts of this service tell each other, on the business bus. */
final class OrderEvents {
    private static final String BUS = "business";

    /** An order was stored. */
    static final Topic<Order> PLACED = Topic.of(BUS, "order.placed", Order.class);

    /** An order has come further. */
    static final Topic<Order> CHANGED = Topic.of(BUS, "order.changed", Order.class);

    private OrderEvents() {}
}
