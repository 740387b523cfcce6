package io.lynx.examples.orders;

import java.math.BigDecimal;
import java.time.Instant;

/**
 * An order as it is stored and answered.
 *
 * @param id given by the database, ascending
 * @param customer who ordered
 * @param product what was ordered
 * @param quantity the number of pieces
 * @param unitPrice the price of one piece, in euros with two decimals
 * @param total the price of all pieces, in euros with two decimals
 * @param status its status
 * @param placedAt the time when it was placed, to the millisecond
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
    /** Returns a copy with the status confirmed. */
    Order confirmed() {
        return new Order(id, customer, product, quantity, unitPrice, total, OrderStatus.CONFIRMED, placedAt);
    }
}
