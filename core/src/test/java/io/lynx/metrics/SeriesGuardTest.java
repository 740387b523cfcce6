package io.lynx.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.config.Binding;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

class SeriesGuardTest {
    private static final int MOST = 10;
    private static final Metric COUNTER = Metric.counter("visits_total", "Visits.", "page");
    private static final Metric GAUGE = Metric.gauge("depth", "Depth.", "page");

    private final MetricRegistry registry = new MetricRegistry(config(MOST));

    private static MetricsConfig config(int maxSeries) {
        MetricsConfig defaults = Binding.defaults(MetricsConfig.class);
        return new MetricsConfig(
                true,
                defaults.updateInterval(),
                defaults.prometheus(),
                defaults.histograms(),
                false,
                Map.of(),
                maxSeries);
    }

    @Test
    void foldsSeriesBeyondTheBoundIntoOne() {
        for (int i = 0; i < 25; i++) {
            registry.counter(COUNTER, "page-" + i).increment();
        }
        registry.counter(COUNTER, "page-3").increment();

        MetricsSnapshot scraped = scrape();

        assertThat(scraped.series().get("visits_total")).hasSize(MOST + 1);
        assertThat(value(scraped, "visits_total", "page", "page-3")).isEqualTo(2);
        assertThat(value(scraped, "visits_total", "page", LabelValues.OVERFLOW)).isEqualTo(15);
        assertThat(value(scraped, "lynx_metrics_label_overflow_total", "metric", "visits_total"))
                .isEqualTo(15);
    }

    @Test
    void boundsRecordedAndPolledSeriesTogether() {
        for (int i = 0; i < 6; i++) {
            registry.gauge(GAUGE, "own-" + i).set(1);
        }
        registry.source("test", out -> {
            for (int i = 0; i < 20; i++) {
                out.add(GAUGE, 1, "told-" + i);
            }
            out.add(GAUGE, 5, "own-0");
        });

        MetricsSnapshot scraped = scrape();
        MetricsSnapshot again = scrape();

        assertThat(scraped.series().get("depth")).hasSize(MOST);
        assertThat(value(scraped, "depth", "page", "own-0")).isEqualTo(5);
        assertThat(value(scraped, "depth", "page", "told-3")).isEqualTo(1);
        assertThat(scraped.find("depth", Map.of("page", "told-4"))).isEmpty();
        assertThat(value(again, "lynx_metrics_label_overflow_total", "metric", "depth"))
                .isEqualTo(16);
    }

    @Test
    void leavesOutGaugesBeyondTheBound() {
        for (int i = 0; i < MOST + 5; i++) {
            registry.gauge(GAUGE, "page-" + i).set(2);
        }
        registry.source("test", out -> out.add(GAUGE, 2, "told"));
        registry.source("infos", out -> {
            for (int i = 0; i < MOST + 5; i++) {
                out.add(Catalogue.APP_VERSION, 1, "1." + i, "", "");
            }
        });

        scrape();
        MetricsSnapshot scraped = scrape();

        assertThat(scraped.series().get("depth"))
                .hasSize(MOST)
                .noneMatch(series -> LabelValues.OVERFLOW.equals(series.labels().get("page")));
        assertThat(value(scraped, "lynx_metrics_label_overflow_total", "metric", "depth"))
                .isEqualTo(5 + 1);
        assertThat(scraped.series().get("lynx_app_version_info")).hasSize(MOST);

        registry.forget("page", "page-0");

        assertThat(value(scrape(), "depth", "page", "told")).isEqualTo(2);
    }

    @Test
    void keepsExposingTheSamePolledSeries() {
        List<String> told = new ArrayList<>(List.of("a", "b", "c"));
        MetricRegistry narrow = new MetricRegistry(config(2));
        narrow.source("test", out -> told.forEach(name -> out.add(COUNTER, 1, name)));
        narrow.scrape();

        told.addFirst("z");
        MetricsSnapshot scraped = MetricsSnapshot.of(Instant.EPOCH, narrow.scrape());

        assertThat(scraped.find("visits_total", Map.of("page", "a"))).isPresent();
        assertThat(scraped.find("visits_total", Map.of("page", "b"))).isPresent();
        assertThat(value(scraped, "visits_total", "page", LabelValues.OVERFLOW)).isEqualTo(2);
    }

    @Test
    void holdsTheBoundExactlyWhenThreadsRace() throws Exception {
        int threads = 4;
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            for (int round = 0; round < 300; round++) {
                MetricRegistry raced = new MetricRegistry(config(MOST));
                List<Future<?>> all = new ArrayList<>();
                for (int t = 0; t < threads; t++) {
                    all.add(executor.submit(() -> {
                        for (int i = 0; i < 2 * MOST; i++) {
                            raced.counter(COUNTER, "page-" + i).increment();
                        }
                    }));
                }
                for (Future<?> one : all) {
                    one.get();
                }

                MetricsSnapshot scraped = MetricsSnapshot.of(Instant.EPOCH, raced.scrape());

                // All threads go through the same names in the same order: the first ten get series of their own.
                assertThat(scraped.series().get("visits_total")).hasSize(MOST + 1);
                for (int i = 0; i < MOST; i++) {
                    assertThat(value(scraped, "visits_total", "page", "page-" + i))
                            .isEqualTo(threads);
                }
                assertThat(value(scraped, "visits_total", "page", LabelValues.OVERFLOW))
                        .isEqualTo(threads * MOST);
                assertThat(value(scraped, "lynx_metrics_label_overflow_total", "metric", "visits_total"))
                        .isEqualTo(threads * MOST);
            }
        }
    }

    @Test
    void acceptsANewSeriesAfterOneWasRemoved() {
        for (int i = 0; i < MOST; i++) {
            registry.counter(COUNTER, "page-" + i).increment();
        }
        Counter old = registry.counter(COUNTER, "page-1");

        registry.forget("page", "page-1");
        old.increment();
        registry.counter(COUNTER, "new").increment();

        assertThat(scrape().find("visits_total", Map.of("page", "page-1"))).isEmpty();
        assertThat(value(scrape(), "visits_total", "page", "new")).isOne();

        registry.forget("page", "new");
        registry.counter(COUNTER, "page-1").increment();

        assertThat(value(scrape(), "visits_total", "page", "page-1")).isOne();
    }

    @Test
    void forgettingASeriesOfAMetricThatWasNeverUsedLeavesItsNameFree() {
        registry.forget(GAUGE, "a");

        registry.gauge(Metric.gauge("depth", "Another metric.", "kind"), "water")
                .set(3);

        assertThat(value(scrape(), "depth", "kind", "water")).isEqualTo(3);
    }

    @Test
    void exposesARequestedSeriesAsZero() {
        registry.counter(Catalogue.CONFIG_RELOADS, "ok");

        assertThat(value(scrape(), "lynx_config_reloads_total", "result", "ok")).isZero();
    }

    @Test
    void countsValuesThatASourceMustNotReport() {
        registry.source("wrong", out -> {
            out.add(COUNTER, -1, "a");
            out.add(COUNTER, Double.NaN, "a");
            out.add(COUNTER, 3, "a");
            out.add(GAUGE, Double.NaN, "a");
        });

        MetricsSnapshot scraped = scrape();

        assertThat(value(scraped, "visits_total", "page", "a")).isEqualTo(3);
        assertThat(value(scraped, "depth", "page", "a")).isNaN();
        assertThat(value(scraped, "lynx_metrics_collector_errors_total", "source", "wrong"))
                .isEqualTo(2);
    }

    @Test
    void refusesAWrongNumberOfValuesAndAWrongType() {
        assertThatThrownBy(() -> registry.counter(COUNTER, "a", null))
                .hasMessage("metric visits_total: [a, null]; one value for each of [page]");
        assertThatThrownBy(() -> registry.gauge(COUNTER, "a"))
                .hasMessage("metric visits_total: is a COUNTER, not a GAUGE");
    }

    @Test
    void survivesAMillionPathsInLittleMemory() {
        ProductionMetrics metrics = ProductionMetrics.builder().build();
        metrics.recordRequest("GET", "/warm", "200", "http", Duration.ofMillis(1), 1, 1);
        long before = usedHeap();

        for (int i = 0; i < 1_000_000; i++) {
            String path = "/" + Long.toHexString(ThreadLocalRandom.current().nextLong());
            metrics.recordRequest("GET", path, "200", "http", Duration.ofMillis(1), 1, 1);
        }

        MetricsSnapshot scraped = metrics.snapshot();
        assertThat(scraped.series().get("lynx_requests_total")).hasSize(1001);
        assertThat(scraped.series().get("lynx_request_duration_seconds")).hasSize(1001);
        assertThat(value(scraped, "lynx_metrics_label_overflow_total", "metric", "lynx_requests_total"))
                .isEqualTo(1_000_000 - 999);
        long grown = usedHeap() - before;
        assertThat(grown).isLessThan(5_000_000);
        assertThat(metrics.registry().scrape().size()).isPositive();
    }

    private static long usedHeap() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }

    private MetricsSnapshot scrape() {
        return MetricsSnapshot.of(Instant.EPOCH, registry.scrape());
    }

    private static double value(MetricsSnapshot scraped, String metric, String label, String value) {
        return scraped.find(metric, Map.of(label, value)).orElseThrow().value();
    }
}
