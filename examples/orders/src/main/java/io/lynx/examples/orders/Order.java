package io.lynx.examples.orders;

import java.math.BigDecimal;
import java.time.Instant;

/**
 * An order as it is stored and answered.
 *
 * @param id given by the database, ascending
 * @param customer who ordered
 * @param product what was ordered
 * @param quantity how many
 * @param unitPrice for one, in euros with two decimals
 * @param total for all, in euros with two decimals
 * @param status how far it has come
 * @param placedAt when it came in, to the millisecond
 */
record Order(
        long id,
        String customer,
        String product,
        int quantity,
        BigDecimal unitPrice,
        BigDecimal total,
        OrderStatus status,
        Instant placedAt) {
    /** The same order, confirmed. */
    Order confirmed() {
        return new Order(id, customer, product, quantity, unitPrice, total, OrderStatus.CONFIRMED, placedAt);
    }
}
