package io.lynx.examples.orders;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.testkit.ManualTime;
import io.lynx.testkit.RecordingContext;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CacheMetricsTest {
    private final RecordingContext context = RecordingContext.of(new CachePlugin().descriptor(), new ManualTime())
            .config(new CacheConfig(2, Duration.ofSeconds(30)));

    private static Order order(long id) {
        return new Order(id, "ada", "lamp", 1, BigDecimal.ONE, BigDecimal.ONE, OrderStatus.PLACED, Instant.EPOCH);
    }

    private double value(String metric) {
        return context.metrics()
                .snapshot()
                .find(metric, Map.of("cache_name", "orders"))
                .orElseThrow()
                .value();
    }

    @Test
    void showTheCountsOfTheCacheUntilItStops() throws Exception {
        new CachePlugin().start(context);
        OrderCache cache = context.resource(CachePlugin.CACHE);
        for (int id = 1; id <= 5; id++) {
            cache.put(order(id));
        }
        assertThat(cache.get(5)).isPresent();
        assertThat(cache.get(1)).isEmpty();
        assertThat(cache.get(2)).isEmpty();

        assertThat(value("lynx_cache_hits_total")).isEqualTo(1);
        assertThat(value("lynx_cache_misses_total")).isEqualTo(2);
        assertThat(value("lynx_cache_evictions_total")).isEqualTo(3);
        assertThat(value("lynx_cache_size")).isEqualTo(2);

        context.close();

        assertThat(context.metrics().snapshot().find("lynx_cache_size", Map.of("cache_name", "orders")))
                .isEmpty();
    }
}
