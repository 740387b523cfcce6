package io.lynx.examples.orders;

/** Where orders wait to be confirmed. Thread-safe, never blocks. */
@FunctionalInterface
interface OrderQueue {
    /** An order was placed. If there is no room for it, it is found in the database later. */
    void placed(Order order);
}
