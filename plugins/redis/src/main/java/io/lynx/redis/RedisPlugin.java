package io.lynx.redis;

import io.lynx.extension.Registration;
import io.lynx.extension.ResourceKey;
import io.lynx.health.Health;
import io.lynx.leadership.LeaseBackend;
import io.lynx.metrics.Metric;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.plugin.external.ExternalSystemPlugin;
import io.lynx.plugin.external.Uses;
import io.lynx.time.Deadline;
import java.util.List;
import redis.clients.jedis.UnifiedJedis;

/**
 * A Redis as a plugin: {@code redis}, configured by {@code lynx.redis}, or {@code redis.<name>}, configured by {@code
 * lynx.redis.<name>}. The section in the configuration is enough to add it. It shares a client of Jedis under {@link #key}, and caches,
 * locks and channels under keys of their own; plugins that use them require its id. It keeps leases of leaderships. Thread-safe.
 */
public final class RedisPlugin extends ExternalSystemPlugin<RedisConfig, RedisInstance> {
    /** The metrics of Redis beside those of the catalogue, in the order of the reference page. */
    public static final List<Metric> METRICS = RedisMetrics.ALL;

    private static final String FAMILY = "redis";

    private final String name;

    /** Creates the Redis without a name, which is not started. */
    public RedisPlugin() {
        this("");
    }

    /**
     * Creates the Redis of a name, which is not started.
     *
     * @throws IllegalArgumentException if the name is malformed
     */
    public RedisPlugin(String name) {
        super(FAMILY, name, RedisConfig.class);
        this.name = name;
    }

    /** Returns the key of the client of the Redis without a name. */
    public static ResourceKey<UnifiedJedis> key() {
        return key("");
    }

    /** Returns the key of the client of the Redis of that name. */
    public static ResourceKey<UnifiedJedis> key(String name) {
        return ResourceKey.of(id(FAMILY, name), UnifiedJedis.class);
    }

    /** Returns the key of the caches in the Redis without a name. */
    public static ResourceKey<RedisCaches> caches() {
        return caches("");
    }

    /** Returns the key of the caches in the Redis of that name. */
    public static ResourceKey<RedisCaches> caches(String name) {
        return ResourceKey.of(id(FAMILY, name) + ".caches", RedisCaches.class);
    }

    /** Returns the key of the locks in the Redis without a name. */
    public static ResourceKey<RedisLocks> locks() {
        return locks("");
    }

    /** Returns the key of the locks in the Redis of that name. */
    public static ResourceKey<RedisLocks> locks(String name) {
        return ResourceKey.of(id(FAMILY, name) + ".locks", RedisLocks.class);
    }

    /** Returns the key of the channels of the Redis without a name. */
    public static ResourceKey<RedisChannels> channels() {
        return channels("");
    }

    /** Returns the key of the channels of the Redis of that name. */
    public static ResourceKey<RedisChannels> channels(String name) {
        return ResourceKey.of(id(FAMILY, name) + ".channels", RedisChannels.class);
    }

    @Override
    protected void describe(PluginDescriptor.Builder descriptor) {
        PluginDescriptor.Builder _ = descriptor.provides(LeaseBackend.CAPABILITY, "1.0.0");
    }

    @Override
    protected RedisInstance open(PluginContext context, RedisConfig config, Uses uses) {
        RedisInstance redis = new RedisInstance(id(), name, config, uses, context);
        Registration _ = context.share(key(name), redis.client());
        Registration _ = context.share(caches(name), redis.caches());
        Registration _ = context.share(locks(name), redis.locks());
        Registration _ = context.share(channels(name), redis.channels());
        Registration _ = context.share(LeaseBackend.key(id()), new RedisLeases(redis.client()));
        Registration _ = context.metricSource(id(), redis);
        Registration _ = context.onReload(RedisConfig.class, redis::credentials, "user", "password");
        return redis;
    }

    @Override
    protected Health probe(RedisInstance redis, RedisConfig config, Deadline deadline) throws Exception {
        return redis.probe();
    }

    @Override
    protected String address(RedisConfig config) {
        return config.address() + (config.user().isEmpty() ? "" : " as user '" + config.user() + "'");
    }

    @Override
    protected boolean isOutage(Throwable failure) {
        return RedisFailures.isOutage(failure);
    }

    @Override
    protected void evict(RedisInstance redis) {
        redis.evict();
    }

    @Override
    protected void cutOff(RedisInstance redis) {
        redis.cutOff();
    }

    @Override
    protected void close(RedisInstance redis) {
        redis.close();
    }
}
