package io.lynx.examples.orders;

import java.util.Optional;

/** Orders that are answered without the database, each for a limited time. Thread-safe. */
interface OrderCache {
    /** Returns the order of that id if the cache has it. */
    Optional<Order> get(long id);

    /** Offers an order that was read or has changed; the cache may leave it out. */
    void put(Order order);
}
