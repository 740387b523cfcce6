package io.lynx.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.config.Binding;
import io.lynx.extension.Registration;
import io.prometheus.metrics.instrumentation.jvm.JvmNativeMemoryMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class JvmInstrumentsTest {
    private final MetricRegistry registry = new MetricRegistry(Binding.defaults(MetricsConfig.class));

    @Test
    void exposesMetricsOfTheJvmUntilStopped() {
        Registration stop = JvmInstruments.register(registry);

        MetricsSnapshot scraped = MetricsSnapshot.of(Instant.EPOCH, registry.scrape());

        assertThat(scraped.series())
                .containsKeys(
                        "jvm_memory_used_bytes",
                        "jvm_gc_collection_seconds",
                        "jvm_threads_current",
                        "jvm_runtime_info",
                        "process_cpu_seconds_total",
                        "process_start_time_seconds")
                .doesNotContainKey("lynx_metrics_collector_errors_total{source=\"jvm\"}");
        assertThat(scraped.series().get("lynx_metrics_collector_errors_total")).isEmpty();

        stop.close();

        assertThat(MetricsSnapshot.of(Instant.EPOCH, registry.scrape()).series())
                .doesNotContainKey("jvm_threads_current");
    }

    @Test
    void exposesNativeMemoryOnlyIfTheJvmTracksIt() {
        PrometheusRegistry library = new PrometheusRegistry();
        JvmNativeMemoryMetrics.builder().register(library);

        assertThat(JvmInstruments.tracksNativeMemory(JvmInstruments::option))
                .isEqualTo(library.scrape().size() > 0);
        assertThat(JvmInstruments.tracksNativeMemory(_ -> "off")).isFalse();
        assertThat(JvmInstruments.tracksNativeMemory(_ -> "summary")).isTrue();
        assertThat(JvmInstruments.tracksNativeMemory(_ -> "detail")).isTrue();
        assertThat(JvmInstruments.tracksNativeMemory(_ -> JvmInstruments.option("NoSuchOption")))
                .isFalse();
    }

    @Test
    void areExposedByTwoApplicationsOfOneJvm() {
        MetricRegistry other = new MetricRegistry(Binding.defaults(MetricsConfig.class));
        JvmInstruments.register(registry);
        JvmInstruments.register(other);

        registry.scrape();

        assertThat(MetricsSnapshot.of(Instant.EPOCH, other.scrape()).series()).containsKey("jvm_threads_current");
        assertThat(MetricsSnapshot.of(Instant.EPOCH, registry.scrape()).series())
                .containsKey("jvm_threads_current");
    }
}
