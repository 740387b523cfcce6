package io.lynx.examples.orders;

import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps a bounded number of orders in the memory of this process, each for a limited time; the least recently used one is evicted first.
 * Thread-safe.
 *
 * <p>The status of an order never goes back: {@link #put} keeps a later status, so a thread that read an order before
 * the worker confirmed it cannot restore the old status.
 */
final class LocalOrderCache implements OrderCache {
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
     * The statistics of a cache.
     *
     * @param hits lookups that it answered
     * @param misses lookups that it could not answer
     * @param size the number of orders in it, outdated ones included
     */
    record Stats(long hits, long misses, int size) {}

    LocalOrderCache(int capacity, Duration timeToLive, Ticker ticker) {
        this.capacity = capacity;
        this.timeToLive = timeToLive.toNanos();
        this.ticker = ticker;
    }

    @Override
    public Optional<Order> get(long id) {
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

    @Override
    public void put(Order order) {
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

    /** Removes outdated orders, which may never be looked up again. */
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

    /** Returns the number of orders that were evicted. */
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
