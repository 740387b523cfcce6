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
import io.lynx.time.Deadline;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The cache of orders, shared as {@link #CACHE}; it is updated by the events of orders. */
final class CachePlugin implements Plugin {
    static final String ID = "orders.cache";
    static final ResourceKey<OrderCache> CACHE = ResourceKey.of(ID, OrderCache.class);

    private static final Duration EXPIRY_INTERVAL = Duration.ofSeconds(5);

    private volatile @Nullable OrderCache cache;

    @Override
    public PluginDescriptor descriptor() {
        return PluginDescriptor.of(ID).config("orders.cache", CacheConfig.class).build();
    }

    @Override
    public void start(PluginContext context) {
        CacheConfig config = context.config(CacheConfig.class);
        OrderCache started = new OrderCache(config.capacity(), config.timeToLive(), context.ticker());
        Subscription _ = context.events()
                .subscribe(
                        TopicFilter.matching("business", "order.*"), event -> follow(started, event), o -> o.name(ID));
        Registration _ =
                context.schedule("orders.expire", Schedule.every(EXPIRY_INTERVAL), _ -> started.removeOutdated());
        cache = started;
        context.share(CACHE, started);
        Registration _ = context.metricSource(ID, new CacheMetrics("orders", started));
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

    /** Returns a result that is always up, with the statistics of the cache. */
    @Override
    public Health health() {
        OrderCache cache = this.cache;
        if (cache == null) {
            return Health.down("not started");
        }
        OrderCache.Stats stats = cache.stats();
        return Health.up()
                .with("hits", stats.hits())
                .with("misses", stats.misses())
                .with("size", stats.size());
    }
}
