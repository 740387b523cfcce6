package io.lynx.redis;

import io.lynx.json.TypeOf;
import io.lynx.plugin.PluginContext;
import java.time.Duration;
import redis.clients.jedis.UnifiedJedis;

/**
 * Makes caches whose values are in one Redis. Caches of the same name in several processes share their values. Thread-safe.
 *
 * <pre>{@code
 * Cache<Long, Product> products = context.resource(RedisPlugin.caches())
 *         .cache("products", Product.class)
 *         .timeToLive(Duration.ofMinutes(10))
 *         .staleIfError(Duration.ofHours(1))
 *         .loadedBy(repository::find);
 * }</pre>
 */
public final class RedisCaches {
    private final UnifiedJedis client;
    private final PluginContext context;

    RedisCaches(UnifiedJedis client, PluginContext context) {
        this.client = client;
        this.context = context;
    }

    /**
     * Begins a cache of values of a class.
     *
     * @throws IllegalArgumentException if the name is malformed
     */
    public <V> Builder<V> cache(String name, Class<V> type) {
        return cache(name, TypeOf.of(type));
    }

    /**
     * Begins a cache of values of a generic type.
     *
     * @throws IllegalArgumentException if the name is malformed
     */
    public <V> Builder<V> cache(String name, TypeOf<V> type) {
        return new Builder<>(this, CacheOptions.of(name), type);
    }

    /** Sets how a cache behaves. Not thread-safe. Its methods throw {@link IllegalArgumentException} for values out of range. */
    public static final class Builder<V> {
        private final RedisCaches caches;
        private final TypeOf<V> type;
        private CacheOptions options;

        private Builder(RedisCaches caches, CacheOptions options, TypeOf<V> type) {
            this.caches = caches;
            this.options = options;
            this.type = type;
        }

        /** Sets how long a value is fresh: 5 minutes if not set. */
        public Builder<V> timeToLive(Duration time) {
            options = options.withTimeToLive(time);
            return this;
        }

        /**
         * Sets the largest part of the time to live that is taken off at random, so that values that were stored together do not
         * expire together: 0.1 if not set.
         */
        public Builder<V> jitter(double part) {
            options = options.withJitter(part);
            return this;
        }

        /**
         * Answers with a value that has expired by that time at most if it cannot be loaded, or another caller is loading it. Zero if
         * not set: an expired value is never returned.
         */
        public Builder<V> staleIfError(Duration time) {
            options = options.withStaleIfError(time);
            return this;
        }

        /** Stores for that time that a key has no value. Zero if not set: the loader is called each time. */
        public Builder<V> cacheAbsence(Duration time) {
            options = options.withAbsence(time);
            return this;
        }

        /**
         * Limits how many loads run at a time in this process, and how long others wait for their turn: 16 and one second if not set.
         * While Redis is down, every lookup becomes a load, and this limit times the number of instances is what reaches the source.
         */
        public Builder<V> maxLoads(int most, Duration wait) {
            options = options.withLoads(most, wait);
            return this;
        }

        /** Limits how long callers wait for the load of another caller: 10 seconds if not set. */
        public Builder<V> loadTimeout(Duration time) {
            options = options.withLoadTimeout(time);
            return this;
        }

        /**
         * Returns a cache that has only what is {@linkplain Cache#put put} into it.
         *
         * @param <K> the keys; their {@link Object#toString} must be unique
         */
        public <K> Cache<K, V> withoutLoader() {
            return new Cache<>(
                    new CacheStore<>(caches.client, options, type, caches.context), null, options, caches.context);
        }

        /**
         * Returns the cache.
         *
         * @param loader loads what the cache does not have
         * @param <K> the keys; their {@link Object#toString} must be unique
         */
        public <K> Cache<K, V> loadedBy(CacheLoader<K, V> loader) {
            CacheStore<V> store = new CacheStore<>(caches.client, options, type, caches.context);
            return new Cache<>(
                    store, new CacheLoads<>(store, options, loader, caches.context), options, caches.context);
        }
    }
}
