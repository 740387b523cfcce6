package io.lynx.redis;

import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisException;

/**
 * What Redis refuses although it answers: writes, or further connections. Commands note it, the health check reports it until it is over.
 * Thread-safe.
 */
final class ServerRefusals {
    private volatile @Nullable JedisException last;

    /** Keeps a failure if it is such a refusal. */
    void note(JedisException failure) {
        if (RedisFailures.isRefusedWrite(failure) || RedisFailures.isFull(failure)) {
            last = failure;
        }
    }

    /** Returns the most recent refusal that is not known to be over; null if there is none. */
    @Nullable
    JedisException last() {
        return last;
    }

    /** Notes that a refusal is over, unless there has been another one meanwhile. */
    void isOver(JedisException refusal) {
        if (refusal.equals(last)) {
            last = null;
        }
    }
}
