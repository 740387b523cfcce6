package io.lynx.examples.orders;

/** How far an order has come; it only moves forward. */
enum OrderStatus {
    /** It is stored, and waits to be confirmed. */
    PLACED,
    /** The worker has confirmed it. */
    CONFIRMED
}
