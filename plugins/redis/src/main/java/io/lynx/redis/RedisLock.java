package io.lynx.redis;

import io.lynx.extension.UserCode;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.exceptions.JedisException;

/**
 * A lock that this process has acquired from {@link RedisLocks}. It is renewed each third of its lease until it is closed, or lost:
 * because it could not be renewed in time, or Redis has lost it. Thread-safe.
 */
public final class RedisLock implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RedisLock.class);
    /**
     * Lets a lock of its holder last longer. Needs no memory unless the time of the lease has changed, so that a holder goes on while the
     * server has none.
     */
    static final String RENEW = """
            if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end
            if redis.call('get', KEYS[2]) == ARGV[2] then
                redis.call('pexpire', KEYS[2], ARGV[2])
            else
                redis.call('set', KEYS[2], ARGV[2], 'PX', ARGV[2])
            end
            return redis.call('pexpire', KEYS[1], ARGV[2])
            """;

    /** Deletes a lock of its holder. */
    static final String RELEASE =
            "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end";

    private enum State {
        HELD,
        LOST,
        RELEASED
    }

    private final RedisLocks locks;
    private final Ticker ticker;
    private final String name;
    private final String key;
    private final String id;
    private final long token;
    private final Duration lease;
    private final AtomicReference<State> state = new AtomicReference<>(State.HELD);
    private final AtomicReference<@Nullable Runnable> onLost = new AtomicReference<>();
    private volatile long validUntil;
    private volatile Scheduler.@Nullable Scheduled renewal;

    RedisLock(RedisLocks locks, String name, String key, String id, long token, Duration lease, long began) {
        this.locks = locks;
        this.ticker = locks.context().ticker();
        this.name = name;
        this.key = key;
        this.id = id;
        this.token = token;
        this.lease = lease;
        this.validUntil = until(began);
    }

    /** By this process's clock the lease ends earlier than at the server: it began before the command was sent, and clocks drift. */
    private long until(long began) {
        return began + lease.minus(lease.dividedBy(20)).toNanos();
    }

    /** Returns the name of the lock. */
    public String name() {
        return name;
    }

    /**
     * Returns the fencing token: larger than those of all earlier holders of the name. Pass it to the resource that the lock protects, and
     * let it refuse smaller ones than it has seen.
     */
    public long token() {
        return token;
    }

    /** Returns whether this process holds the lock, as far as it can know: a process that was suspended learns of a loss late. */
    public boolean isHeld() {
        return state.get() == State.HELD && ticker.nanos() - validUntil < 0;
    }

    /**
     * Runs {@code action} once if the lock is lost before it is closed; at once if that has happened. It replaces an earlier action.
     *
     * @param action must not block
     */
    public void onLost(Runnable action) {
        onLost.set(action);
        if (state.get() == State.LOST) {
            notifyLost();
        }
    }

    void renewLater() {
        renewAfter(lease.dividedBy(3));
    }

    private void renewAfter(Duration pause) {
        if (state.get() != State.HELD) {
            return;
        }
        try {
            renewal = locks.context().scheduler().after(pause, this::renew);
        } catch (RejectedExecutionException | IllegalStateException stopped) {
            // The plugin has stopped: the lock ends with its lease.
        }
    }

    private void renew() {
        if (state.get() != State.HELD) {
            return;
        }
        long began = ticker.nanos();
        try {
            Object answer = locks.client()
                    .eval(RENEW, List.of(key, key + ":lease"), List.of(id, Long.toString(lease.toMillis())));
            if (!Long.valueOf(1).equals(answer)) {
                lost("Redis does not have it any more");
                return;
            }
            validUntil = until(began);
            renewLater();
        } catch (JedisException failure) {
            if (ticker.nanos() - validUntil >= 0) {
                lost("it could not be renewed in time: " + UserCode.describe(failure));
            } else {
                renewAfter(lease.dividedBy(15));
            }
        }
    }

    private void lost(String reason) {
        if (state.compareAndSet(State.HELD, State.LOST)) {
            locks.ended(this);
            locks.count("lost");
            LOG.atWarn()
                    .addKeyValue("lock", name)
                    .log("Lock '{}' is lost: {}; another process may hold it now", name, reason);
            notifyLost();
        }
    }

    private void notifyLost() {
        Runnable action = onLost.getAndSet(null);
        if (action != null) {
            boolean _ = UserCode.run(action::run, failure -> LOG.atWarn()
                    .setCause(UserCode.loggable(failure))
                    .log("The action after the loss of lock '{}' failed", name));
        }
    }

    /** Ends the renewal without a word to Redis. */
    void abandon() {
        Scheduler.Scheduled next = renewal;
        if (next != null) {
            boolean _ = next.cancel();
        }
    }

    /**
     * Releases the lock, also when the request is over or this thread is interrupted. If Redis cannot be reached, the lock ends with its
     * lease. Idempotent; never throws.
     */
    @Override
    public void close() {
        if (!state.compareAndSet(State.HELD, State.RELEASED)) {
            return;
        }
        abandon();
        locks.ended(this);
        try {
            LastingCommands.run(() -> {
                Object _ = locks.client().eval(RELEASE, List.of(key), List.of(id));
            });
            locks.count("released");
        } catch (JedisException failure) {
            LOG.atWarn()
                    .addKeyValue("lock", name)
                    .log(
                            "Lock '{}' could not be released: {}; it ends with its lease of {}ms",
                            name,
                            UserCode.describe(failure),
                            lease.toMillis());
        }
    }
}
