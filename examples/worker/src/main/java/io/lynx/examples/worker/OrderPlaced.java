package io.lynx.examples.worker;

import java.math.BigDecimal;

/**
 * What this service reads of the event of an order; other fields are ignored, so that the orders service may add some.
 *
 * @param id the id of the order
 * @param customer who ordered
 * @param total the price of all pieces, in euros with two decimals
 */
record OrderPlaced(long id, String customer, BigDecimal total) {}
