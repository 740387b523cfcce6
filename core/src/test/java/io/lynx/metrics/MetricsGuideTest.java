package io.lynx.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.config.Binding;
import io.lynx.extension.Registration;
import io.lynx.metrics.Metric.Unit;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** The code of {@code docs/guide/metrics.md}: it is compiled and run here. */
class MetricsGuideTest {
    private final ProductionMetrics metrics = ProductionMetrics.builder()
            .config(Binding.defaults(MetricsConfig.class))
            .build();

    // snippet: metrics-declare
    static final Metric PLACED = Metric.counter("orders_placed_total", "Orders that were placed.", "channel");
    static final Metric PICKING = Metric.histogram(
            "orders_picking_seconds",
            "From an order to its parcel.",
            Unit.SECONDS,
            List.of(60.0, 300.0, 900.0, 3600.0));
    // end

    // snippet: metrics-source
    static final Metric WAITING = Metric.gauge("orders_waiting", "Orders that are waiting to be picked.");
    // end

    @Test
    void recordsThroughHandles() {
        // snippet: metrics-handles
        MetricRegistry registry = metrics.registry();
        Counter placed = registry.counter(PLACED, "web");
        Histogram picking = registry.histogram(PICKING);

        placed.increment();
        picking.record(Duration.ofMinutes(4));
        // end

        assertThat(metrics.snapshot().find("orders_placed_total", Map.of("channel", "web")))
                .isPresent();
    }

    @Test
    void pollsSources() {
        ConcurrentLinkedQueue<String> queue = new ConcurrentLinkedQueue<>(List.of("a", "b"));

        // snippet: metrics-ask
        Registration stop = metrics.registry().source("orders", out -> out.add(WAITING, queue.size()));
        // end

        assertThat(metrics.snapshot().find("orders_waiting", Map.of()))
                .hasValueSatisfying(one -> assertThat(one.value()).isEqualTo(2));
        stop.close();
        assertThat(metrics.snapshot().series()).doesNotContainKey("orders_waiting{}");
    }

    @Test
    void exposesInstrumentsOfTheLibrary() {
        // snippet: metrics-library
        var baskets = io.prometheus.metrics.core.metrics.Summary.builder()
                .name("orders_basket_items")
                .help("Items of an order.")
                .quantile(0.5)
                .quantile(0.99)
                .register(metrics.registry().prometheus());

        baskets.observe(7);
        // end

        assertThat(metrics.snapshot().find("orders_basket_items", Map.of()))
                .hasValueSatisfying(one -> assertThat(one.sum()).isEqualTo(7));
    }

    @Test
    void recordsWhatTheFrameworkDoesNotSee() {
        // snippet: metrics-record
        metrics.recordCacheHit("prices");
        metrics.recordDbQuery("orders", "read", "find_order", Duration.ofMillis(3));
        metrics.recordTimeout("payment", "checkout");
        // end

        assertThat(metrics.snapshot().find("lynx_cache_hits_total", Map.of("cache_name", "prices")))
                .isPresent();
    }
}
