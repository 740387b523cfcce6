package io.lynx.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.config.Binding;
import io.lynx.extension.Registration;
import io.lynx.testkit.Await;
import io.lynx.time.Ticker;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.MetricFamilyDescriptor;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ScrapeIsolationTest {
    private static final Metric OWN = Metric.gauge("orders_open", "Orders that are open.");

    private final MetricRegistry registry = registry(Duration.ofSeconds(20), Duration.ofSeconds(60));

    private static MetricRegistry registry(Duration timeout, Duration budget) {
        return new MetricRegistry(
                Binding.defaults(MetricsConfig.class),
                InstantSource.system(),
                new TimedCollection(timeout, budget, Ticker.system()));
    }

    @Test
    void leavesOutASourceThatThrowsAndCountsIt() {
        registry.source("bad", out -> {
            out.add(OWN, 1);
            throw new IllegalStateException("not today");
        });
        registry.collector("linkage", collector(() -> {
            throw new NoClassDefFoundError("gone");
        }));
        registry.collector("deep", collector(() -> deep(0)));
        registry.prometheus().register(collector(() -> {
            throw new IllegalStateException("nor here");
        }));
        registry.source("good", out -> out.add(OWN, 7));

        MetricsSnapshot scraped = scrape();

        assertThat(scraped.find("orders_open", Map.of()))
                .hasValueSatisfying(one -> assertThat(one.value()).isEqualTo(7));
        assertThat(errors(scraped, "bad")).isOne();
        assertThat(errors(scraped, "linkage")).isOne();
        assertThat(errors(scraped, "deep")).isOne();
        assertThat(scraped.series().get("lynx_metrics_collector_errors_total")).hasSize(4);
    }

    private static GaugeSnapshot deep(int depth) {
        return depth < 0 ? gauge("never") : deep(depth + 1);
    }

    @Test
    void rethrowsAFatalError() {
        OutOfMemoryError fatal = new OutOfMemoryError("a test's own");
        registry.collector("fatal", collector(() -> {
            throw fatal;
        }));

        assertThatThrownBy(registry::scrape).isSameAs(fatal);
    }

    @Test
    void leavesOutASourceThatHangsUntilItReturns() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch cameBack = new CountDownLatch(1);
        MetricRegistry impatient = registry(Duration.ofSeconds(2), Duration.ofSeconds(20));
        impatient.collector("hanging", collector(() -> {
            awaitUninterruptibly(release);
            cameBack.countDown();
            return gauge("late");
        }));
        impatient.source("behind", out -> out.add(OWN, 7));

        MetricsSnapshot first = scrape(impatient);
        MetricsSnapshot second = scrape(impatient);

        assertThat(first.series()).doesNotContainKey("late").containsKey("orders_open");
        assertThat(second.series()).doesNotContainKey("late").containsKey("orders_open");
        assertThat(errors(second, "hanging")).isEqualTo(2);

        release.countDown();
        assertThat(cameBack.await(30, TimeUnit.SECONDS)).isTrue();
        Await.until(
                "the source is polled again", () -> scrape(impatient).series().containsKey("late"));
    }

    @Test
    void spendsAtMostItsBudgetOnManySources() {
        MetricRegistry hasty = registry(Duration.ofMillis(50), Duration.ofMillis(120));
        CountDownLatch never = new CountDownLatch(1);
        for (int i = 0; i < 100; i++) {
            hasty.source("hanging", _ -> awaitUninterruptibly(never));
        }
        long before = System.nanoTime();

        MetricsSnapshot scraped = scrape(hasty);

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(4));
        assertThat(errors(scraped, "hanging")).isEqualTo(100);
        never.countDown();
    }

    @Test
    void exposesANameOnceAndCountsTheOthers() {
        registry.counter(Catalogue.CACHE_HITS, "users").increment();
        registry.collector("bridge", (MultiCollector) () ->
                MetricSnapshots.of(gauge("lynx_cache_hits"), gauge("free"), gauge("cpu.load"), gauge("cpu_load")));

        MetricsSnapshot scraped = scrape();

        assertThat(scraped.series()).containsKeys("lynx_cache_hits_total", "free", "cpu_load");
        assertThat(scraped.series().get("cpu_load")).hasSize(1);
        assertThat(errors(scraped, "bridge")).isEqualTo(2);
    }

    @Test
    void keepsEveryNameOfTheCatalogueFreeBeforeItIsRecorded() {
        registry.collector("bridge", (MultiCollector) () -> new MetricSnapshots(Catalogue.all().stream()
                .flatMap(metric -> ExposedNames.of(metric).stream())
                .map(ScrapeIsolationTest::gauge)
                .toArray(MetricSnapshot[]::new)));
        registry.collector("other", collector(() -> gauge("orders_total_share")));

        MetricsSnapshot scraped = scrape();

        assertThat(scraped.series().keySet())
                .containsExactlyInAnyOrder(
                        "orders_total_share",
                        "lynx_metrics_collector_errors_total",
                        "lynx_metrics_label_overflow_total",
                        "lynx_metrics_series");
        assertThat(errors(scraped, "bridge"))
                .isGreaterThan(2.0 * Catalogue.all().size());
        registry.counter(Catalogue.REQUESTS, "GET", "/", "200", "http").increment();
        assertThat(scrape().series()).containsKey("lynx_requests_total");
    }

    @Test
    void countsNoFailureIfTheScraperDisconnects() throws Exception {
        MetricRegistry patient = new MetricRegistry(Binding.defaults(MetricsConfig.class));
        CompletableFuture<Thread> asking = new CompletableFuture<>();
        CountDownLatch release = new CountDownLatch(1);
        AtomicBoolean isInterrupted = new AtomicBoolean();
        patient.source("throwing", _ -> {
            throw new IllegalStateException("not today");
        });
        patient.source("slow", out -> {
            asking.complete(Thread.currentThread());
            awaitUninterruptibly(release);
            out.add(OWN, 7);
        });
        patient.source("behind", _ -> {});
        Thread scraper = Thread.ofPlatform().start(() -> {
            patient.scrape();
            isInterrupted.set(Thread.currentThread().isInterrupted());
        });
        Thread held = asking.get(30, TimeUnit.SECONDS);

        scraper.interrupt();
        assertThat(scraper.join(Duration.ofSeconds(30))).isTrue();
        release.countDown();
        assertThat(held.join(Duration.ofSeconds(30))).isTrue();

        assertThat(isInterrupted).isTrue();
        MetricsSnapshot after = MetricsSnapshot.of(Instant.EPOCH, patient.scrape());
        assertThat(errors(after, "throwing")).isEqualTo(2);
        assertThat(errors(after, "slow")).isZero();
        assertThat(errors(after, "behind")).isZero();
        assertThat(after.series()).containsKey("orders_open");
    }

    @Test
    void registersACollectorThatFailsToDescribeItself() {
        registry.collector("bridge", new Collector() {
            @Override
            public MetricSnapshot collect() {
                return gauge("bridged");
            }

            @Override
            public MetricFamilyDescriptor getMetricFamilyDescriptor() {
                throw new IllegalStateException("not now");
            }
        });

        assertThat(scrape().series()).containsKey("bridged");
    }

    @Test
    void stopsPollingARemovedSource() {
        Registration removal = registry.collector("bridge", collector(() -> gauge("bridged")));
        MetricsSnapshot before = scrape();

        removal.close();
        removal.close();

        assertThat(before.series()).containsKey("bridged");
        assertThat(scrape().series()).doesNotContainKey("bridged");
    }

    @Test
    void refusesInstrumentsWithNamesThatBelongToTheFramework() {
        assertThatThrownBy(() ->
                        Gauge.builder().name("lynx_requests").help("Mine.").register(registry.prometheus()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("lynx_requests belongs to");
        assertThatThrownBy(() -> Counter.builder()
                        .name("lynx_request_duration_seconds_count")
                        .help("Mine.")
                        .register(registry.prometheus()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> registry.gauge(Metric.gauge("lynx_cache_hits", "Mine.")))
                .hasMessage("metric lynx_cache_hits[] (gauge): lynx_cache_hits belongs to lynx_cache_hits_total; choose"
                        + " another name");
        assertThatThrownBy(() -> registry.counter(Metric.counter("lynx_cache_hits_total", "Mine.", "tenant")))
                .hasMessage("metric lynx_cache_hits_total[tenant] (counter): the name belongs to"
                        + " lynx_cache_hits_total[cache_name] (counter)");
    }

    @Test
    void refusesNamesThatCollideForScrapers() {
        registry.counter(Metric.counter("orders_total", "Orders."));
        Gauge.builder().name("stock.level").help("Stock.").register(registry.prometheus());

        assertThatThrownBy(() -> registry.gauge(Metric.gauge("orders", "Orders.")))
                .hasMessageContaining("belongs to orders_total");
        assertThatThrownBy(() -> registry.gauge(Metric.gauge("orders_created", "Orders.")))
                .hasMessageContaining("belongs to orders_total");
        assertThatThrownBy(() -> registry.gauge(Metric.gauge("stock_level", "Stock.")))
                .hasMessageContaining("belongs to an instrument of the Prometheus library");
        assertThatThrownBy(() -> Gauge.builder().name("orders").help("Orders.").register(registry.prometheus()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void exposesInstrumentsWithOneNameAndDifferentLabelsTogether() {
        Counter.builder()
                .name("jobs_total")
                .help("Jobs.")
                .labelNames("kind")
                .register(registry.prometheus())
                .labelValues("mail")
                .inc();
        Counter.builder()
                .name("jobs_total")
                .help("Jobs.")
                .labelNames("queue")
                .register(registry.prometheus())
                .labelValues("slow")
                .inc();

        MetricSnapshots scraped = registry.scrape("jobs_total"::equals);

        assertThat(scraped.stream().mapToInt(one -> one.getDataPoints().size()).sum())
                .isEqualTo(2);
    }

    @Test
    void exposesOnlyTheWantedNames() {
        registry.counter(Catalogue.CACHE_HITS, "users").increment();
        registry.gauge(Catalogue.CACHE_SIZE, "users").set(3);

        MetricSnapshots scraped = registry.scrape("lynx_cache_size"::equals);

        assertThat(scraped.stream().map(one -> one.getMetadata().getName())).containsExactly("lynx_cache_size");
    }

    private MetricsSnapshot scrape() {
        return scrape(registry);
    }

    private static MetricsSnapshot scrape(MetricRegistry scraped) {
        return MetricsSnapshot.of(Instant.EPOCH, scraped.scrape());
    }

    private static double errors(MetricsSnapshot scraped, String source) {
        return scraped.find("lynx_metrics_collector_errors_total", Map.of("source", source))
                .map(MetricsSnapshot.Series::value)
                .orElse(0.0);
    }

    private static Collector collector(java.util.function.Supplier<MetricSnapshot> collected) {
        return collected::get;
    }

    private static GaugeSnapshot gauge(String name) {
        return GaugeSnapshot.builder()
                .name(name)
                .help("A test's.")
                .dataPoint(
                        GaugeSnapshot.GaugeDataPointSnapshot.builder().value(1).build())
                .build();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        boolean isDone = false;
        while (!isDone) {
            try {
                latch.await();
                isDone = true;
            } catch (InterruptedException again) {
                // As code that does not care for interrupts.
            }
        }
    }
}
