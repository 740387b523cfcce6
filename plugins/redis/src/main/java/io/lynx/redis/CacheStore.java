package io.lynx.redis;

import io.lynx.config.Masking;
import io.lynx.extension.UserCode;
import io.lynx.json.JsonCodec;
import io.lynx.json.JsonCodec.JsonReadException;
import io.lynx.json.TypeOf;
import io.lynx.metrics.MetricRegistry;
import io.lynx.plugin.PluginContext;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.SetParams;

/** The entries of one cache in Redis. A failure of Redis is counted and is never one of the cache. Thread-safe. */
final class CacheStore<V> {
    private static final Logger LOG = LoggerFactory.getLogger(RedisPlugin.class);
    private static final byte[] CLAIMED = {'1'};
    private static final long LOG_INTERVAL = Duration.ofMinutes(1).toMillis();

    private final UnifiedJedis client;
    private final CacheOptions options;
    private final TypeOf<V> type;
    private final JsonCodec json;
    private final InstantSource clock;
    private final MetricRegistry registry;
    private final AtomicLong loggedAt = new AtomicLong(-LOG_INTERVAL);

    /**
     * What a lookup has found.
     *
     * @param value what Redis has, which may be that there is none; null if it has nothing that can be read
     * @param isFresh whether the value has not expired
     * @param isReachable whether Redis answered
     */
    @SuppressWarnings("NullableOptional") // Null: nothing is known; empty: it is known that there is none.
    record Found<V>(@Nullable Optional<V> value, boolean isFresh, boolean isReachable) {}

    CacheStore(UnifiedJedis client, CacheOptions options, TypeOf<V> type, PluginContext context) {
        this.client = client;
        this.options = options;
        this.type = type;
        this.json = context.json();
        this.clock = context.clock();
        this.registry = context.metrics().registry();
    }

    /** Returns the key of an entry. */
    byte[] key(Object key) {
        return ("cache:" + options.name() + ":" + key).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] claimKey(byte[] key) {
        byte[] suffix = ":loading".getBytes(StandardCharsets.US_ASCII);
        byte[] all = new byte[key.length + suffix.length];
        System.arraycopy(key, 0, all, 0, key.length);
        System.arraycopy(suffix, 0, all, key.length, suffix.length);
        return all;
    }

    Found<V> read(byte[] key) {
        byte[] bytes;
        try {
            bytes = client.get(key);
        } catch (JedisException failure) {
            failed("read", failure);
            return new Found<>(null, false, false);
        }
        StoredEntry entry = StoredEntry.decode(bytes);
        if (entry == null) {
            return new Found<>(null, false, true);
        }
        boolean isFresh = entry.isFresh(clock.millis());
        try {
            return new Found<>(
                    entry.isAbsent() ? Optional.empty() : Optional.of(json.read(entry.json(), type)), isFresh, true);
        } catch (JsonReadException otherShape) {
            // Another version of the service has stored it.
            failed("decode");
            return new Found<>(null, false, true);
        }
    }

    /** Stores a value, or that there is none, also when the request is over; returns whether Redis has confirmed it. */
    boolean write(byte[] key, Optional<V> value) {
        Duration fresh = value.isPresent() ? jittered() : options.absence();
        if (fresh.isZero()) {
            return delete(key);
        }
        byte[] entry = StoredEntry.encode(
                clock.millis() + fresh.toMillis(), value.map(json::write).orElse(null));
        long kept = fresh.plus(options.staleIfError()).toMillis();
        try {
            LastingCommands.run(() -> {
                String _ = client.set(key, entry, SetParams.setParams().px(kept));
            });
            return true;
        } catch (JedisException failure) {
            failed("write", failure);
            return false;
        }
    }

    private Duration jittered() {
        double part = 1 - options.jitter() * ThreadLocalRandom.current().nextDouble();
        return Duration.ofNanos(Math.max(1_000_000, (long) (options.timeToLive().toNanos() * part)));
    }

    /** Deletes an entry, also when the request is over; returns whether Redis has confirmed it. */
    boolean delete(byte[] key) {
        try {
            LastingCommands.run(() -> {
                long _ = client.del(key);
            });
            return true;
        } catch (JedisException failure) {
            failed("delete", failure);
            return false;
        }
    }

    /** Claims the load of an entry for this process; returns false if another process has claimed it. */
    boolean claim(byte[] key) {
        try {
            SetParams once = SetParams.setParams().nx().px(options.loadTimeout().toMillis());
            return client.set(claimKey(key), CLAIMED, once) != null;
        } catch (JedisException failure) {
            return true; // Without Redis, each process loads for itself.
        }
    }

    boolean isClaimed(byte[] key) {
        try {
            return client.exists(claimKey(key));
        } catch (JedisException failure) {
            return false;
        }
    }

    /** Ends a claim, also when the request is over. */
    void release(byte[] key) {
        try {
            LastingCommands.run(() -> {
                long _ = client.del(claimKey(key));
            });
        } catch (JedisException failure) {
            failed("delete", failure); // It ends by its time.
        }
    }

    /** A failure that is not an outage, which the circuit breaker and the health check report, has a line a minute. */
    private void failed(String operation, JedisException failure) {
        failed(operation);
        long now = clock.millis();
        long last = loggedAt.get();
        if (failure instanceof JedisDataException
                && (now - last >= LOG_INTERVAL || now < last)
                && loggedAt.compareAndSet(last, now)) {
            LOG.atWarn()
                    .addKeyValue("cache", options.name())
                    .addKeyValue("operation", operation)
                    .log(
                            "Redis refuses a command of a cache, which loads its values without it: {}",
                            Masking.mask(UserCode.describe(failure)));
        }
    }

    private void failed(String operation) {
        registry.counter(RedisMetrics.STORE_ERRORS, options.name(), operation).increment();
    }
}
