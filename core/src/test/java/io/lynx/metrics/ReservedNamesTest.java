package io.lynx.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.lynx.config.Binding;
import io.lynx.metrics.Metric.Unit;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names that a metric of the application cannot have, and values that its family cannot show. */
class ReservedNamesTest {
    private static final Metric PLACED = Metric.counter("orders_placed_total", "Orders.");
    private static final Metric WAITING = Metric.gauge("orders_waiting", "Orders.");

    private final MetricRegistry registry = new MetricRegistry(Binding.defaults(MetricsConfig.class));

    @Test
    void refusesASuffixWithoutAName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Metric.counter("_total", "Nothing."))
                .withMessageContaining("with a name before it");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Metric.info("_info", "Nothing."))
                .withMessageContaining("with a name before it");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"process_cpu_seconds_total", "jvm_memory_used_bytes_total", "process_orders_total", "jvm_x_total"
            })
    void refusesTheNamesOfTheJvmAndTheProcess(String name) {
        JvmInstruments.register(registry);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> registry.counter(Metric.counter(name, "Ours.")))
                .withMessageContaining("belongs to the metrics of the JVM and the process");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Gauge.builder()
                        .name("jvm_threads_current")
                        .help("Ours.")
                        .register(registry.prometheus()))
                .withMessageContaining("choose another name");
    }

    @Test
    void exposesTheFrameworksValueBesideACollectorThatHidesItsName() {
        JvmInstruments.register(registry);
        registry.prometheus().register((Collector) () -> GaugeSnapshot.builder()
                .name("process_start_time_seconds")
                .dataPoint(
                        GaugeSnapshot.GaugeDataPointSnapshot.builder().value(-7).build())
                .build());

        assertThat(series("process_start_time_seconds")).singleElement().satisfies(series -> assertThat(series.value())
                .isPositive());
    }

    @Test
    void dropsAndCountsTheFamilyThatCannotBeShown() {
        registry.counter(PLACED).add(Long.MAX_VALUE);
        registry.counter(PLACED).add(Long.MAX_VALUE);
        registry.gauge(WAITING).set(3);

        registry.scrape();

        assertThat(series("orders_placed_total")).isEmpty();
        assertThat(series("orders_waiting")).hasSize(1);
        assertThat(series("lynx_metrics_collector_errors_total"))
                .filteredOn(
                        series -> "orders_placed_total".equals(series.labels().get("source")))
                .singleElement()
                .satisfies(series -> assertThat(series.value()).isPositive());
    }

    @Test
    void refusesANameThatTheLibraryCannotShow() {
        Metric created = Metric.gauge("orders_created", "Orders.");
        Metric total = Metric.gauge("orders_total", "Orders.");

        for (Metric metric : List.of(created, total)) {
            try {
                registry.gauge(metric).set(1);
            } catch (IllegalArgumentException refused) {
                assertThat(refused).hasMessageContaining("cannot be exposed");
                continue;
            }
            assertThat(series(metric.name())).hasSize(1);
        }
    }

    @Test
    void exposesAHistogramFromItsFirstValueOn() {
        Metric took = Metric.histogram("orders_took_seconds", "Time.", Unit.SECONDS, List.of(1.0));
        Histogram histogram = registry.histogram(took);
        assertThat(series("orders_took_seconds")).isEmpty();

        histogram.record(5);

        assertThat(series("orders_took_seconds")).singleElement().satisfies(series -> assertThat(series.value())
                .isEqualTo(1));
    }

    private List<MetricsSnapshot.Series> series(String metric) {
        return MetricsSnapshot.of(Instant.EPOCH, registry.scrape()).series().getOrDefault(metric, List.of());
    }
}
