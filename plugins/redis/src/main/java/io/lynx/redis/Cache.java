package io.lynx.redis;

import io.lynx.metrics.Catalogue;
import io.lynx.metrics.Counter;
import io.lynx.metrics.MetricRegistry;
import io.lynx.plugin.PluginContext;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Values in Redis that are loaded when they are missing. Made by {@link RedisCaches}. A key is loaded by one caller at a time: in this
 * process the others wait for its result, and in other processes they wait shortly for the value to appear. If Redis is down, values are
 * loaded from the source, by a bounded number of loads at a time. Thread-safe.
 *
 * <p>It guarantees no more than a cache can: a value may be older than its source by the time to live, also after {@link #invalidate} if
 * another process was loading the value at that moment. Expiry is by the clocks of the processes that stored the values.
 *
 * @param <K> the keys; their {@link Object#toString} must be unique
 * @param <V> the values, which the JSON codec of the application can write and read
 */
public final class Cache<K, V> {
    private final CacheStore<V> store;
    private final @Nullable CacheLoads<K, V> loads;
    private final Counter hits;
    private final Counter misses;

    /**
     * Creates a cache.
     *
     * @param loads null if values are not loaded
     */
    Cache(CacheStore<V> store, @Nullable CacheLoads<K, V> loads, CacheOptions options, PluginContext context) {
        this.store = store;
        this.loads = loads;
        MetricRegistry registry = context.metrics().registry();
        this.hits = registry.counter(Catalogue.CACHE_HITS, options.name());
        this.misses = registry.counter(Catalogue.CACHE_MISSES, options.name());
    }

    /**
     * Returns the value of a key, loading it if need be; empty if the source has none, or the cache has no loader and no value.
     *
     * @throws CacheLoadException if it cannot be loaded
     */
    public Optional<V> get(K key) {
        byte[] id = store.key(key);
        CacheStore.Found<V> found = store.read(id);
        Optional<V> value = found.value();
        if (value != null && found.isFresh()) {
            hits.increment();
            return value;
        }
        misses.increment();
        return loads == null ? Optional.empty() : loads.load(key, id, found);
    }

    /** Returns the value of a key if the cache has it and it is fresh; never loads it. */
    public Optional<V> getIfPresent(K key) {
        CacheStore.Found<V> found = store.read(store.key(key));
        Optional<V> value = found.value();
        boolean isHit = value != null && found.isFresh();
        (isHit ? hits : misses).increment();
        return value != null && isHit ? value : Optional.empty();
    }

    /**
     * Stores a value, also when the request is over.
     *
     * @return whether Redis has confirmed it; if not, an older value may be returned until its time to live is over
     */
    public boolean put(K key, V value) {
        forget(key);
        return store.write(store.key(key), Optional.of(value));
    }

    /**
     * Removes a value, so that the next lookup loads it; also when the request is over, since what it has changed stays changed.
     *
     * @return whether Redis has confirmed it; if not, the older value may be returned until its time to live is over
     */
    public boolean invalidate(K key) {
        forget(key);
        return store.delete(store.key(key));
    }

    private void forget(K key) {
        if (loads != null) {
            loads.forget(key);
        }
    }
}
