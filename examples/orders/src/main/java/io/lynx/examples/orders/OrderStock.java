package io.lynx.examples.orders;

import org.jspecify.annotations.Nullable;

/**
 * An order beside the stock of its product, as it is answered.
 *
 * @param order the id of the order
 * @param product what was ordered
 * @param quantity the number of pieces that were ordered
 * @param stock whether the inventory has as many
 * @param available the number of pieces that the inventory has; null if that is unknown
 */
record OrderStock(
        long order,
        String product,
        int quantity,
        Level stock,
        @Nullable Integer available) {
    /** Whether there is enough of a product. */
    enum Level {
        ENOUGH,
        SHORT,
        /** The inventory did not answer. */
        UNKNOWN
    }

    static OrderStock of(Order order, int available) {
        Level level = available >= order.quantity() ? Level.ENOUGH : Level.SHORT;
        return new OrderStock(order.id(), order.product(), order.quantity(), level, available);
    }

    static OrderStock unknown(Order order) {
        return new OrderStock(order.id(), order.product(), order.quantity(), Level.UNKNOWN, null);
    }
}
