package io.lynx.examples.orders;

import io.lynx.event.Event;
import io.lynx.event.Subscription;
import io.lynx.event.TopicFilter;
import io.lynx.extension.Registration;
import io.lynx.extension.ResourceKey;
import io.lynx.health.Health;
import io.lynx.job.Schedule;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.redis.RedisPlugin;
import io.lynx.time.Deadline;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The cache of orders, shared as {@link #CACHE}; it is updated by the events of orders. It is in Redis if the section {@code lynx.redis}
 * names one, otherwise in memory.
 */
final class CachePlugin implements Plugin {
    static final String ID = "orders.cache";
    static final ResourceKey<OrderCache> CACHE = ResourceKey.of(ID, OrderCache.class);

    private static final Duration EXPIRY_INTERVAL = Duration.ofSeconds(5);

    private volatile @Nullable OrderCache cache;

    @Override
    public PluginDescriptor descriptor() {
        return PluginDescriptor.of(ID)
                .uses("redis")
                .uses(OrderRepository.PLUGIN)
                .config("orders.cache", CacheConfig.class)
                .build();
    }

    @Override
    public void start(PluginContext context) {
        CacheConfig config = context.config(CacheConfig.class);
        OrderCache started = context.findResource(RedisPlugin.caches())
                .<OrderCache>map(redis -> new SharedOrderCache(redis, OrderRepository.of(context), config.timeToLive()))
                .orElseGet(() -> local(context, config));
        Subscription _ = context.events()
                .subscribe(
                        TopicFilter.matching("business", "order.*"), event -> follow(started, event), o -> o.name(ID));
        cache = started;
        context.share(CACHE, started);
    }

    private static OrderCache local(PluginContext context, CacheConfig config) {
        LocalOrderCache local = new LocalOrderCache(config.capacity(), config.timeToLive(), context.ticker());
        Registration _ =
                context.schedule("orders.expire", Schedule.every(EXPIRY_INTERVAL), _ -> local.removeOutdated());
        Registration _ = context.metricSource(ID, new CacheMetrics("orders", local));
        return local;
    }

    private static void follow(OrderCache cache, Event<?> event) {
        if (event.payload() instanceof Order order) {
            cache.put(order);
        }
    }

    @Override
    public void stop(Deadline deadline) {
        cache = null;
    }

    /** Returns a result that is always up, with the statistics of the cache if this process has them: Redis has a check of its own. */
    @Override
    public Health health() {
        return switch (cache) {
            case null -> Health.down("not started");
            case LocalOrderCache local -> {
                LocalOrderCache.Stats stats = local.stats();
                yield Health.up()
                        .with("hits", stats.hits())
                        .with("misses", stats.misses())
                        .with("size", stats.size());
            }
            default -> Health.up().with("store", "redis");
        };
    }
}
