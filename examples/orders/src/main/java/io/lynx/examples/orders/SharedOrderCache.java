package io.lynx.examples.orders;

import io.lynx.redis.Cache;
import io.lynx.redis.RedisCaches;
import java.time.Duration;
import java.util.Optional;

/**
 * Keeps orders in Redis, where all instances of the service find them. While Redis is down, it has none. Thread-safe.
 *
 * <p>It keeps only confirmed orders, which do not change any more: an instance that has read an order before another one confirmed it
 * cannot restore the old status.
 */
final class SharedOrderCache implements OrderCache {
    private final Cache<Long, Order> cache;

    SharedOrderCache(RedisCaches redis, OrderRepository orders, Duration timeToLive) {
        this.cache = redis.cache("orders", Order.class).timeToLive(timeToLive).loadedBy(id -> orders.find(id)
                .orElse(null));
    }

    @Override
    public Optional<Order> get(long id) {
        return cache.getIfPresent(id);
    }

    @Override
    public void put(Order order) {
        if (order.status() == OrderStatus.CONFIRMED) {
            boolean _ = cache.put(order.id(), order);
        }
    }
}
