package io.lynx.examples.worker;

import java.math.BigDecimal;

/**
 * The confirmation of an order.
 *
 * @param order the id of the order
 * @param customer who receives it
 * @param total the price of the order, in euros with two decimals
 */
record Confirmation(long order, String customer, BigDecimal total) {}
