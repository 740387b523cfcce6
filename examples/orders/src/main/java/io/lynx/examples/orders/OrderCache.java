package io.lynx.examples.orders;

import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Orders kept in memory: at most a number of them, each for a time; the one not asked for the longest makes room.
 * Thread-safe.
 *
 * <p>An order never goes back: {@link #put} leaves a later status where it is, so a reader that was overtaken by the
 * worker does not bring back what it read before.
 */
final class OrderCache {
    private final int capacity;
    private final long timeToLive;
    private final Ticker ticker;

    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by the lock; in the order of the last use. */
    private final Map<Long, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

    private long hits;
    private long misses;
    private long evictions;

    private record Entry(Order order, long storedAt) {}

    /**
     * How the cache does.
     *
     * @param hits questions it could answer
     * @param misses questions it could not
     * @param size orders in it now, outdated ones included
     */
    record Stats(long hits, long misses, int size) {}

    OrderCache(int capacity, Duration timeToLive, Ticker ticker) {
        this.capacity = capacity;
        this.timeToLive = timeToLive.toNanos();
        this.ticker = ticker;
    }

    Optional<Order> get(long id) {
        lock.lock();
        try {
            Entry entry = entries.get(id);
            if (entry == null || isOutdated(entry)) {
                entries.remove(id);
                misses++;
                return Optional.empty();
            }
            hits++;
            return Optional.of(entry.order());
        } finally {
            lock.unlock();
        }
    }

    void put(Order order) {
        lock.lock();
        try {
            Entry present = entries.get(order.id());
            if (present != null && present.order().status().compareTo(order.status()) > 0) {
                return;
            }
            entries.put(order.id(), new Entry(order, ticker.nanos()));
            if (entries.size() > capacity) {
                entries.remove(entries.keySet().iterator().next());
                evictions++;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Removes the orders that are too old to be answered with, which nothing may ever ask for again. */
    void removeOutdated() {
        lock.lock();
        try {
            entries.values().removeIf(this::isOutdated);
        } finally {
            lock.unlock();
        }
    }

    Stats stats() {
        lock.lock();
        try {
            return new Stats(hits, misses, entries.size());
        } finally {
            lock.unlock();
        }
    }

    /** How many orders made room for others. */
    long evictions() {
        lock.lock();
        try {
            return evictions;
        } finally {
            lock.unlock();
        }
    }

    private boolean isOutdated(Entry entry) {
        return ticker.nanos() - entry.storedAt() >= timeToLive;
    }
}
