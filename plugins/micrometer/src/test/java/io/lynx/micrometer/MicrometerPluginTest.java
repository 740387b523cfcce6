package io.lynx.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.metrics.Catalogue;
import io.lynx.metrics.JvmInstruments;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class MicrometerPluginTest {
    private static final String COLLISIONS = "lynx_metrics_collector_errors_total{source=\"micrometer\"}";

    @Test
    void showsEveryKindOfMeterInTheScrape() throws Exception {
        try (MicrometerFixture fixture = MicrometerFixture.started()) {
            MeterRegistry meters = fixture.meters();
            AtomicInteger waiting = new AtomicInteger(3);

            meters.counter("orders.placed", "region", "north").increment(2);
            Gauge.builder("orders.waiting", waiting, AtomicInteger::get)
                    .description("Orders that wait.")
                    .register(meters);
            Timer.builder("orders.handling")
                    .serviceLevelObjectives(Duration.ofMillis(100), Duration.ofSeconds(1))
                    .register(meters)
                    .record(Duration.ofMillis(250));
            DistributionSummary.builder("orders.size")
                    .baseUnit("bytes")
                    .register(meters)
                    .record(512);

            assertThat(fixture.text())
                    .contains(
                            "# TYPE orders_placed_total counter\norders_placed_total{region=\"north\"} 2.0\n",
                            """
                            # HELP orders_waiting Orders that wait.
                            # TYPE orders_waiting gauge
                            orders_waiting 3.0
                            """,
                            "# TYPE orders_handling_seconds histogram\n",
                            "orders_handling_seconds_bucket{le=\"0.1\"} 0\n",
                            "orders_handling_seconds_bucket{le=\"1.0\"} 1\n",
                            "orders_handling_seconds_bucket{le=\"+Inf\"} 1\n",
                            "orders_handling_seconds_sum 0.25\n",
                            "orders_handling_seconds_max 0.25\n",
                            "# TYPE orders_size_bytes summary\n",
                            "orders_size_bytes_count 1\n",
                            "orders_size_bytes_sum 512.0\n");
        }
    }

    @Test
    void putsTheConfiguredTagsOnEveryMeter() throws Exception {
        MicrometerConfig config = new MicrometerConfig(false, Duration.ofMinutes(1), Map.of("zone", "b"));
        try (MicrometerFixture fixture = MicrometerFixture.started(config)) {
            fixture.meters().counter("visits").increment();

            assertThat(fixture.lines("visits_total")).containsExactly("visits_total{zone=\"b\"} 1.0");
        }
    }

    @Test
    void dropsAndCountsWhatIsAlreadyInTheScrape() throws Exception {
        try (MicrometerFixture fixture = MicrometerFixture.started()) {
            fixture.context
                    .metrics()
                    .requests("GET", "/orders", "http")
                    .record(200, Duration.ofMillis(5).toNanos(), 10, 20);

            fixture.meters().counter("lynx.requests", "mine", "yes").increment(7);
            fixture.meters().counter("visits").increment();
            String scraped = fixture.text();

            assertThat(scraped).doesNotContain("mine=\"yes\"").contains("visits_total 1.0\n");
            assertThat(scraped.lines().filter(line -> line.startsWith("# TYPE lynx_requests_total")))
                    .hasSize(1);
            assertThat(fixture.lines(COLLISIONS)).hasSize(1).first().asString().doesNotEndWith(" 0.0");
        }
    }

    @Test
    void neverExposesANameOfTheFrameworkThatIsNotRecordedYet() throws Exception {
        try (MicrometerFixture fixture = MicrometerFixture.started()) {
            fixture.meters().counter("lynx.requests", "mine", "yes").increment(7);
            fixture.meters().counter("visits").increment();

            fixture.text();
            String scraped = fixture.text();

            assertThat(scraped)
                    .doesNotContain("mine=\"yes\"", "lynx_requests")
                    .contains("visits_total 1.0\n", COLLISIONS + " 2.0\n");
        }
    }

    @Test
    void dropsOnlyTheFamiliesOfABinderThatCollide() throws Exception {
        try (MicrometerFixture fixture = MicrometerFixture.started()) {
            var _ = JvmInstruments.register(fixture.registry());

            new JvmMemoryMetrics().bindTo(fixture.meters());

            assertThat(fixture.lines("jvm_memory_used_bytes{")).hasSize(2).noneMatch(line -> line.contains("id="));
            assertThat(fixture.lines("jvm_buffer_count_buffers")).isNotEmpty();
        }
    }

    @Test
    void survivesMetersThatThrow() throws Exception {
        try (MicrometerFixture fixture = MicrometerFixture.started()) {
            List<String> held = List.of("kept alive");

            Gauge.builder("broken.gauge", held, _ -> {
                        throw new IllegalStateException("gauge");
                    })
                    .register(fixture.meters());
            FunctionCounter.builder("broken.counter", held, _ -> {
                        throw new IllegalStateException("counter");
                    })
                    .register(fixture.meters());
            fixture.meters().counter("visits").increment();
            String first = fixture.text();
            String second = fixture.text();

            assertThat(first)
                    .contains("visits_total 1.0\n", "broken_gauge NaN\n")
                    .doesNotContain("broken_counter");
            assertThat(second).contains(COLLISIONS + " 2.0\n");
        }
    }

    @Test
    void exposesHostileNamesAndValuesAsValidText() throws Exception {
        try (MicrometerFixture fixture = MicrometerFixture.started()) {
            fixture.meters()
                    .counter("1 weird-näme\n{}", "täg key\"", "va\"lue\n\\end", "le", "5", "__name__", "other")
                    .increment();
            fixture.meters().timer("le", "le", "7", "quantile", "0.5").record(Duration.ofSeconds(1));
            fixture.meters().counter("visits").increment();

            String scraped = fixture.text();

            assertThat(scraped).contains("visits_total 1.0\n");
            assertThat(scraped.lines().filter(line -> !line.startsWith("#")))
                    .allMatch(line -> line.matches("[a-zA-Z_:][a-zA-Z0-9_:]*(\\{([a-zA-Z_][a-zA-Z0-9_]*=\"([^\"\\\\\n"
                            + "]|\\\\.)*\",?)*\\})? \\S+"));
        }
    }

    @Test
    void exposesOneTypeForEachName() throws Exception {
        try (MicrometerFixture fixture = MicrometerFixture.started()) {
            fixture.meters().counter("things").increment();
            fixture.meters().gauge("things", Tags.of("kind", "gauge"), 4);
            fixture.meters().counter("visits").increment();

            assertThat(fixture.lines("# TYPE things")).containsExactly("# TYPE things_total counter");
            assertThat(fixture.text()).doesNotContain("kind=").contains("visits_total 1.0\n");
        }
    }

    @Test
    void dropsARemovedMeterFromTheScrape() throws Exception {
        try (MicrometerFixture fixture = MicrometerFixture.started()) {
            var counter = fixture.meters().counter("visits");
            assertThat(fixture.lines("visits_total")).hasSize(1);

            fixture.meters().remove(counter);

            assertThat(fixture.lines("visits_total")).isEmpty();
        }
    }

    @Test
    void exposesNothingAfterTheStopAndStartsEmptyAgain() throws Exception {
        MicrometerFixture fixture = MicrometerFixture.started();
        fixture.meters().counter("visits").increment();
        MeterRegistry first = fixture.meters();

        fixture.stop();

        assertThat(fixture.lines("visits_total")).isEmpty();
        assertThat(first.isClosed()).isTrue();

        fixture.plugin.start(fixture.context);
        fixture.meters().counter("visits").increment(5);

        assertThat(fixture.meters()).isNotSameAs(first);
        assertThat(fixture.lines("visits_total")).containsExactly("visits_total 5.0");
        fixture.close();
    }

    @Test
    void keepsTwoApplicationsApart() throws Exception {
        try (MicrometerFixture one = MicrometerFixture.started();
                MicrometerFixture other = MicrometerFixture.started()) {
            one.meters().counter("visits").increment();

            assertThat(one.lines("visits_total")).hasSize(1);
            assertThat(other.lines("visits_total")).isEmpty();
            assertThat(Metrics.globalRegistry.getRegistries()).doesNotContain(one.meters(), other.meters());
        }
    }

    @Test
    void joinsTheGlobalRegistryOnlyIfConfiguredAndUntilItStops() throws Exception {
        MicrometerConfig config = new MicrometerConfig(true, Duration.ofMinutes(1), Map.of());
        MicrometerFixture fixture = MicrometerFixture.started(config);
        MeterRegistry meters = fixture.meters();
        try {
            Metrics.counter("global.visits").increment();

            assertThat(fixture.lines("global_visits_total")).containsExactly("global_visits_total 1.0");
        } finally {
            fixture.stop();
        }

        assertThat(Metrics.globalRegistry.getRegistries()).doesNotContain(meters);
        Metrics.globalRegistry.clear();
    }

    @Test
    void preparesTheRegistryBeforeItsFirstMeter() throws Exception {
        MicrometerPlugin plugin = MicrometerPlugin.with(registry ->
                registry.config().meterFilter(io.micrometer.core.instrument.config.MeterFilter.ignoreTags("user")));
        try (MicrometerFixture fixture = MicrometerFixture.started(plugin, MicrometerFixture.withMaxSeries(1))) {
            fixture.meters().counter("visits", "user", "1").increment();
            fixture.meters().counter("visits", "user", "2").increment();

            assertThat(fixture.lines("visits_total")).containsExactly("visits_total 2.0");
            assertThat(fixture.lines(Catalogue.LABEL_OVERFLOW.name() + "{metric=\"visits_total\"}"))
                    .isEmpty();
        }
    }

    @Test
    void refusesATagWithoutAName() {
        assertThatThrownBy(() -> new MicrometerConfig(false, Duration.ofMinutes(1), Map.of(" ", "b")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tags: { =b}; each tag needs a name");
    }
}
