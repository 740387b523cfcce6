package io.lynx.redis;

import io.lynx.extension.UserCode;
import io.lynx.metrics.MetricRegistry;
import io.lynx.plugin.PluginContext;
import io.lynx.time.Deadline;
import io.lynx.time.TimedWait;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisException;

/*
 * lock:{name}        the holder; expires with the lease
 * lock:{name}:token  the last token; does not expire
 * lock:{name}:lease  the time of the lease in milliseconds; expires with it
 *
 * Redis counts the time of a key by the wall clock of the server. When that goes back, the lock of a holder which has died would last for
 * as long as the clock went back, so a lock whose end is farther away than twice its lease counts as ended.
 */

/**
 * Locks in one Redis that at most one process holds at a time, as long as that Redis keeps its data. Thread-safe.
 *
 * <p>What it guarantees: a lock has one holder on one server; it ends by itself when its holder dies, after its lease; it is renewed while
 * it is held; the {@linkplain RedisLock#token fencing tokens} of a name grow, also after a loss of data, as long as the clock of the server
 * does not go back. What it does not guarantee: a failover to a replica can lose a lock that was just acquired, and a process that was
 * suspended can believe in a lock that it has lost. Where that must not matter, let the resource refuse writes whose token is smaller than
 * one that it has seen. A lock is not reentrant, and waiting callers are served in no order.
 */
public final class RedisLocks {
    /**
     * Ends a lock that would last too long, then sets it if it is free, and returns a token: larger than the last one, and at least the
     * time of the server.
     */
    static final String ACQUIRE = """
            local left = redis.call('pttl', KEYS[1])
            local length = tonumber(redis.call('get', KEYS[3]) or left)
            if left > 0 and left > 2 * length then redis.call('del', KEYS[1]) end
            if not redis.call('set', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return 0 end
            redis.call('set', KEYS[3], ARGV[2], 'PX', ARGV[2])
            local time = redis.call('time')
            local now = time[1] * 1000 + math.floor(time[2] / 1000)
            local last = tonumber(redis.call('get', KEYS[2]) or '0')
            local token = math.max(last + 1, now)
            redis.call('set', KEYS[2], string.format('%.0f', token))
            return token
            """;

    private static final Logger LOG = LoggerFactory.getLogger(RedisLock.class);
    private static final Duration SHORTEST = Duration.ofMillis(300);
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final int POLL_MILLIS = 50;

    private final UnifiedJedis client;
    private final String redis;
    private final PluginContext context;
    private final MetricRegistry registry;
    private final Set<RedisLock> held = ConcurrentHashMap.newKeySet();

    RedisLocks(UnifiedJedis client, String redis, PluginContext context) {
        this.client = client;
        this.redis = redis;
        this.context = context;
        this.registry = context.metrics().registry();
    }

    /**
     * Acquires a lock if it is free.
     *
     * @param name of the lock, the same in all processes
     * @param lease after which the lock ends if it is not renewed, as when its holder dies: 300 ms to one day
     * @return empty if it is held by another
     * @throws IllegalArgumentException if the lease is out of range
     * @throws JedisException if Redis cannot be used
     */
    public Optional<RedisLock> tryAcquire(String name, Duration lease) {
        if (lease.compareTo(SHORTEST) < 0 || lease.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "lock '" + name + "': lease " + lease + "; allowed is 300 ms to one day");
        }
        String id = UUID.randomUUID().toString();
        String key = "lock:{" + name + "}";
        long began = context.ticker().nanos();
        Object answer;
        try {
            answer = client.eval(
                    ACQUIRE,
                    List.of(key, key + ":token", key + ":lease"),
                    List.of(id, Long.toString(lease.toMillis())));
        } catch (JedisException failure) {
            if (RedisFailures.isUnanswered(failure)) {
                releaseLater(name, key, id);
            }
            throw failure;
        }
        long token = answer instanceof Long number ? number : 0;
        count(token == 0 ? "busy" : "acquired");
        if (token == 0) {
            return Optional.empty();
        }
        RedisLock lock = new RedisLock(this, name, key, id, token, lease, began);
        boolean _ = held.add(lock);
        lock.renewLater();
        return Optional.of(lock);
    }

    /** Releases what Redis may have given to a caller that did not receive the answer: otherwise it would last for its lease. */
    private void releaseLater(String name, String key, String id) {
        try {
            context.threads().newThread(() -> releaseNow(name, key, id)).start();
        } catch (RejectedExecutionException | IllegalStateException stopped) {
            // The plugin has stopped: the lock ends with its lease.
        }
    }

    private void releaseNow(String name, String key, String id) {
        try {
            LastingCommands.run(() -> {
                Object _ = client.eval(RedisLock.RELEASE, List.of(key), List.of(id));
            });
        } catch (JedisException failure) {
            LOG.atWarn()
                    .addKeyValue("lock", name)
                    .log(
                            "Lock '{}' may have been granted after its caller had gone, and could not be released: {};"
                                    + " it ends with its lease",
                            name,
                            UserCode.describe(failure));
        }
    }

    /**
     * Acquires a lock, waiting until it is free.
     *
     * @param most how long to wait
     * @return empty if it was not free in time
     * @throws IllegalArgumentException if the lease is out of range
     * @throws JedisException if Redis cannot be used
     * @throws InterruptedException if this thread is interrupted while it waits
     */
    public Optional<RedisLock> acquire(String name, Duration lease, Duration most) throws InterruptedException {
        Deadline limit = Deadline.after(most, context.ticker());
        CompletableFuture<@Nullable Void> never = new CompletableFuture<>();
        while (true) {
            Optional<RedisLock> lock = tryAcquire(name, lease);
            if (lock.isPresent() || limit.isExpired()) {
                return lock;
            }
            Duration pause = Duration.ofMillis(ThreadLocalRandom.current().nextInt(POLL_MILLIS, 2 * POLL_MILLIS));
            boolean _ = TimedWait.await(never, limit.atMost(pause), context.scheduler());
        }
    }

    UnifiedJedis client() {
        return client;
    }

    PluginContext context() {
        return context;
    }

    void count(String outcome) {
        registry.counter(RedisMetrics.LOCKS, redis, outcome).increment();
    }

    void ended(RedisLock lock) {
        boolean _ = held.remove(lock);
    }

    /** Ends the renewal of all locks. */
    void close() {
        held.forEach(RedisLock::abandon);
    }
}
