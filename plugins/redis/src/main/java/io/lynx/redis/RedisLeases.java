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
 * The scripts are those of locks.
 */

/**
 * Leases in one Redis, by its clock: keys that expire. A restart without its data and a failover to a replica lose leases, and then two
 * instances can hold one until the first renews it. Tokens grow nevertheless, as long as the clock of the server does not go back at the
 * same time. Thread-safe.
 */
final class RedisLeases implements LeaseBackend {
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
                RedisLocks.ACQUIRE,
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
                        RedisLock.RENEW,
                        List.of(key, key + ":lease"),
                        List.of(lease.holder(), Long.toString(duration.toMillis()))));
    }

    @Override
    public void release(Lease lease) {
        Object _ = client.eval(RedisLock.RELEASE, List.of(key(lease.leadership())), List.of(lease.holder()));
    }
}
