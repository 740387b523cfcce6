package io.lynx.redis;

import io.lynx.leadership.Lease;
import io.lynx.leadership.LeaseAnswer;
import io.lynx.leadership.LeaseBackend;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.UnifiedJedis;

/**
 * Leases in one Redis, by its clock: keys that expire, with the scripts of {@link RedisLocks}. A failover to a replica can lose a lease
 * that was just granted; tokens grow nevertheless, as long as the clock of the server does not go back. Thread-safe.
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
                RedisLocks.ACQUIRE, List.of(key, key + ":token"), List.of(holder, Long.toString(duration.toMillis())));
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
        return Long.valueOf(1)
                .equals(client.eval(
                        RedisLock.RENEW,
                        List.of(key(lease.leadership())),
                        List.of(lease.holder(), Long.toString(duration.toMillis()))));
    }

    @Override
    public void release(Lease lease) {
        Object _ = client.eval(RedisLock.RELEASE, List.of(key(lease.leadership())), List.of(lease.holder()));
    }
}
