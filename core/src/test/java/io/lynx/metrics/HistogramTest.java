package io.lynx.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.config.Binding;
import io.lynx.config.ConfigSection;
import io.lynx.config.ConfigSources;
import io.lynx.config.ConfigurationException;
import io.lynx.metrics.Metric.Unit;
import io.lynx.metrics.MetricsConfig.Histograms;
import io.lynx.testkit.ManualTime;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.Exemplar;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HistogramTest {
    private static final Metric LATENCY =
            Metric.histogram("job_seconds", "Jobs.", Unit.SECONDS, List.of(.0001, .001, 1.0), "kind");

    private final ManualTime time = new ManualTime();

    private MetricRegistry registry(Histograms form, boolean exemplars) {
        MetricsConfig defaults = Binding.defaults(MetricsConfig.class);
        return new MetricRegistry(
                new MetricsConfig(
                        true,
                        defaults.updateInterval(),
                        defaults.prometheus(),
                        form,
                        exemplars,
                        Map.of(),
                        defaults.maxSeries()),
                time);
    }

    @ParameterizedTest
    @EnumSource
    void countsEveryValue(Histograms form) {
        MetricRegistry registry = registry(form, false);
        Histogram histogram = registry.histogram(LATENCY, "mail");

        histogram.record(Duration.ofMillis(1));
        histogram.record(-5);
        histogram.record(Long.MIN_VALUE);
        histogram.record(Duration.ofDays(-400 * 365));
        histogram.record(Long.MAX_VALUE);
        histogram.record(Duration.ofDays(400 * 365));

        assertThat(histogram.count()).isEqualTo(6);
        assertThat(histogram.sum()).isCloseTo(.001 + 2 * (1L << 53) * 1e-9, org.assertj.core.data.Offset.offset(1e-6));
        assertThat(MetricsSnapshot.of(java.time.Instant.EPOCH, registry.scrape())
                        .find("lynx_metrics_collector_errors_total", Map.of("source", "job_seconds")))
                .hasValueSatisfying(one -> assertThat(one.value()).isEqualTo(3));
    }

    @Test
    void putsBoundsThemselvesIntoTheirBucket() {
        MetricRegistry registry = registry(Histograms.CLASSIC, false);
        Histogram histogram = registry.histogram(LATENCY, "mail");

        histogram.record(100_000);
        histogram.record(100_001);
        histogram.record(1_000_000_000);
        histogram.record(1_000_000_001);

        assertThat(counts(point(registry))).containsExactly(1, 1, 1, 1);
    }

    @Test
    void sumsWithoutOverflow() {
        MetricRegistry registry = registry(Histograms.CLASSIC, false);
        Histogram histogram = registry.histogram(LATENCY, "mail");
        double expected = 0;

        for (int scrape = 0; scrape < 10; scrape++) {
            for (int i = 0; i < 500; i++) {
                histogram.record(Long.MAX_VALUE);
                expected += (1L << 53) * 1e-9;
            }
            assertThat(point(registry).getSum())
                    .isCloseTo(expected, org.assertj.core.data.Percentage.withPercentage(1e-6));
        }
    }

    @Test
    void growsStripesUnderContentionAndLosesNothing() throws InterruptedException {
        MetricRegistry registry = registry(Histograms.CLASSIC, false);
        Histogram histogram = registry.histogram(LATENCY, "mail");
        int threads = 4;
        int each = 200_000;
        AtomicBoolean isDone = new AtomicBoolean();
        List<Throwable> wrong = new ArrayList<>();
        histogram.record(0L);
        Thread reader = Thread.ofPlatform().start(() -> {
            try {
                long[] before = new long[4];
                while (!isDone.get()) {
                    long[] now = counts(point(registry));
                    for (int i = 0; i < now.length; i++) {
                        assertThat(now[i]).isGreaterThanOrEqualTo(before[i]);
                    }
                    before = now;
                }
            } catch (Throwable failure) {
                wrong.add(failure);
            }
        });
        List<Thread> writers = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            writers.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < each; i++) {
                    histogram.record((i % 4) * 500_000L);
                }
            }));
        }
        for (Thread writer : writers) {
            writer.join();
        }
        isDone.set(true);
        reader.join();

        assertThat(wrong).isEmpty();
        assertThat(counts(point(registry))).containsExactly(each + 1, each * 2L, each, 0);
        assertThat(histogram.sum())
                .isCloseTo(threads * each * .00075, org.assertj.core.data.Percentage.withPercentage(1e-6));
    }

    @Test
    void exposesExponentialBucketsIfConfigured() {
        MetricRegistry only = registry(Histograms.NATIVE, false);
        MetricRegistry both = registry(Histograms.BOTH, false);
        only.histogram(LATENCY, "mail").record(Duration.ofMillis(3));
        both.histogram(LATENCY, "mail").record(Duration.ofMillis(3));

        assertThat(point(only).hasNativeHistogramData()).isTrue();
        assertThat(point(only).hasClassicHistogramData()).isFalse();
        assertThat(point(both).hasNativeHistogramData()).isTrue();
        assertThat(counts(point(both))).containsExactly(0, 0, 1, 0);
    }

    @Test
    void removesExponentialSeries() {
        MetricRegistry registry = registry(Histograms.NATIVE, false);
        registry.histogram(LATENCY, "mail").record(1);

        registry.forget("kind", "mail");

        assertThat(registry.scrape("job_seconds"::equals).get(0).getDataPoints())
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void exposesAnExemplarOfABucketIfConfigured(Histograms form) throws IOException {
        MetricRegistry registry = registry(form, true);
        Histogram histogram = registry.histogram(LATENCY, "mail");

        histogram.record(2_000_000, "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7");
        histogram.record(3_000_000, "bad id\n", null);

        assertThat(point(registry).getExemplars()).hasSize(1);
        Exemplar example = point(registry).getExemplars().iterator().next();
        assertThat(example.getValue()).isEqualTo(.002);
        assertThat(example.getLabels().get("trace_id")).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Exposition.of("application/openmetrics-text").write(registry.scrape(), out);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("# {span_id=\"00f067aa0ba902b7\",trace_id=\"4bf92f3577b34da6a3ce929d0e0e4736\"} 0.002");
    }

    @Test
    void takesANewExemplarOnceASecond() {
        MetricRegistry registry = registry(Histograms.CLASSIC, true);
        Histogram histogram = registry.histogram(LATENCY, "mail");

        histogram.record(2_000_000, "a", null);
        time.advance(Duration.ofMillis(999));
        histogram.record(2_000_000, "b", null);
        assertThat(point(registry).getExemplars().iterator().next().getLabels().get("trace_id"))
                .isEqualTo("a");

        time.advance(Duration.ofMillis(1));
        histogram.record(2_000_000, "c", null);
        assertThat(point(registry).getExemplars().iterator().next().getLabels().get("trace_id"))
                .isEqualTo("c");
    }

    @Test
    void exposesNoExemplarUnlessConfigured() {
        MetricRegistry registry = registry(Histograms.CLASSIC, false);

        registry.histogram(LATENCY, "mail").record(2_000_000, "4bf92f3577b34da6a3ce929d0e0e4736", null);

        assertThat(point(registry).getExemplars()).isEmpty();
        assertThat(point(registry).getCount()).isOne();
    }

    @Test
    void takesBucketsFromTheConfiguration() {
        MetricsConfig config = bound("buckets: {lynx_request_duration_seconds: [.1, 1], job_seconds: [2]}");
        MetricRegistry registry = new MetricRegistry(config);
        registry.histogram(Catalogue.REQUEST_DURATION, "GET", "/", "http").record(Duration.ofMillis(50));
        registry.histogram(LATENCY, "mail").record(Duration.ofSeconds(5));

        HistogramSnapshot requests = (HistogramSnapshot)
                registry.scrape("lynx_request_duration_seconds"::equals).get(0);
        assertThat(counts(requests.getDataPoints().getFirst())).containsExactly(1, 0, 0);
        assertThat(counts(point(registry))).containsExactly(0, 1);
    }

    @Test
    void reportsInvalidConfiguredBuckets() {
        assertThatThrownBy(() -> bound("buckets: {lynx_request_durations_seconds: [1]}"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("buckets of lynx_request_durations_seconds: no such histogram;"
                        + " did you mean 'lynx_request_duration_seconds'?");
        assertThatThrownBy(() -> bound("buckets: {lynx_requests_total: [1]}"))
                .hasMessageContaining("buckets of lynx_requests_total: it is a counter; only histograms have buckets");
        assertThatThrownBy(() -> bound("buckets: {job_seconds: [2, 1]}"))
                .hasMessageContaining("buckets of job_seconds: 1.0 after 2.0; each bound is above the one before");
        assertThatThrownBy(() -> BucketBounds.of("job_seconds", List.of(Double.POSITIVE_INFINITY)))
                .hasMessage("buckets of job_seconds: none; one upper bound at least");
        assertThatThrownBy(() -> BucketBounds.of("job_seconds", List.of(Double.NaN, 1.0)))
                .hasMessage("buckets of job_seconds: NaN; bounds are finite, the last may be infinite");
        assertThat(BucketBounds.of("job_seconds", List.of(1.0, Double.POSITIVE_INFINITY)))
                .containsExactly(1.0);
        assertThatThrownBy(() -> bound("buckets: {job_seconds: []}"))
                .hasMessageContaining("buckets of job_seconds: none");
    }

    private static MetricsConfig bound(String yaml) {
        ConfigSection<MetricsConfig> section = MetricsConfig.SECTION;
        return ConfigSources.none()
                .yaml("config.yml", "lynx: {metrics: {" + yaml + "}}")
                .load()
                .bind(section)
                .get(section);
    }

    private static HistogramDataPointSnapshot point(MetricRegistry registry) {
        HistogramSnapshot snapshot =
                (HistogramSnapshot) registry.scrape("job_seconds"::equals).get(0);
        return snapshot.getDataPoints().getFirst();
    }

    private static long[] counts(HistogramDataPointSnapshot point) {
        ClassicHistogramBuckets buckets = point.getClassicBuckets();
        long[] counts = new long[buckets.size()];
        long all = 0;
        for (int i = 0; i < counts.length; i++) {
            counts[i] = buckets.getCount(i);
            all += counts[i];
        }
        assertThat(point.getCount()).isEqualTo(all);
        return counts;
    }
}
