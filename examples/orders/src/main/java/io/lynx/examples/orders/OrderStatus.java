package io.lynx.examples.orders;

/** The status of an order, which only moves forward. */
enum OrderStatus {
    /** It is stored and not yet confirmed. */
    PLACED,
    /** The worker has confirmed it. */
    CONFIRMED
}
