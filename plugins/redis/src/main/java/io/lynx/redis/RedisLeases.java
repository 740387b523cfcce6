package io.lynx.redis;

import io.lynx.leadership.Lease;
import io.lynx.leadership.LeaseAnswer;
import io.lynx.leadership.LeaseBackend;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.UnifiedJedis;

/*
 * leadership:{name}        the holder; expires with the lease
 * leadership:{name}:token  the last token; does not expire
 * leadership:{name}:lease  the time of the lease in milliseconds; expires with it
 *
 * Redis counts the time of a key by the wall clock of the server. When that goes back, the lease of a holder which has died would last for
 * as long as the clock went back, so a lease whose end is farther away than twice its time counts as ended.
 */

/**
 * Leases in one Redis, by its clock: keys that expire. A restart without its data and a failover to a replica lose leases, and then two
 * instances can hold one until the first renews it. Tokens grow nevertheless, as long as the clock of the server does not go back at the
 * same time. Thread-safe.
 */
final class RedisLeases implements LeaseBackend {
    /** Ends a lease that would last too long, and then does what acquires a lock. */
    private static final String ACQUIRE = """
            local left = redis.call('pttl', KEYS[1])
            local length = tonumber(redis.call('get', KEYS[3]) or left)
            if left > 0 and left > 2 * length then redis.call('del', KEYS[1]) end
            if redis.call('exists', KEYS[1]) == 0 then redis.call('set', KEYS[3], ARGV[2], 'PX', ARGV[2]) end
            """ + RedisLocks.ACQUIRE;

    /** Needs no memory unless the time of the lease has changed, so that a leader goes on while the server has none. */
    private static final String RENEW = """
            if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end
            if redis.call('get', KEYS[2]) == ARGV[2] then
                redis.call('pexpire', KEYS[2], ARGV[2])
            else
                redis.call('set', KEYS[2], ARGV[2], 'PX', ARGV[2])
            end
            return redis.call('pexpire', KEYS[1], ARGV[2])
            """;

    private final UnifiedJedis client;

    RedisLeases(UnifiedJedis client) {
        this.client = client;
    }

    private static String key(String leadership) {
        return "leadership:{" + leadership + "}";
    }

    @Override
    public LeaseAnswer acquire(String leadership, String holder, Duration duration) {
        String key = key(leadership);
        Object answer = client.eval(
                ACQUIRE,
                List.of(key, key + ":token", key + ":lease"),
                List.of(holder, Long.toString(duration.toMillis())));
        long token = answer instanceof Long number ? number : 0;
        if (token > 0) {
            return new LeaseAnswer.Granted(new Lease(leadership, holder, token));
        }
        // Between these commands the lease may end: then the answer is only less exact.
        @Nullable String present = client.get(key);
        return new LeaseAnswer.Occupied(
                present == null ? "another instance" : present, Duration.ofMillis(client.pttl(key)));
    }

    @Override
    public boolean renew(Lease lease, Duration duration) {
        String key = key(lease.leadership());
        return Long.valueOf(1)
                .equals(client.eval(
                        RENEW,
                        List.of(key, key + ":lease"),
                        List.of(lease.holder(), Long.toString(duration.toMillis()))));
    }

    @Override
    public void release(Lease lease) {
        Object _ = client.eval(RedisLock.RELEASE, List.of(key(lease.leadership())), List.of(lease.holder()));
    }
}
