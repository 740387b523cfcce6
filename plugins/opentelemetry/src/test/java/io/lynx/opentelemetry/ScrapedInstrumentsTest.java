package io.lynx.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.metrics.Metric;
import io.lynx.metrics.MetricsConfig;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ScrapedInstrumentsTest {
    private static final String ERRORS = "lynx_metrics_collector_errors_total{source=\"opentelemetry\"}";

    @Test
    void showsEveryKindOfInstrumentInTheScrape() throws Exception {
        try (OpenTelemetryFixture fixture = OpenTelemetryFixture.plain()) {
            var meter = fixture.meter();

            meter.counterBuilder("orders.placed")
                    .setDescription("Orders placed.")
                    .build()
                    .add(2, Attributes.of(AttributeKey.stringKey("order.region"), "north"));
            meter.upDownCounterBuilder("orders.open").build().add(-3);
            meter.gaugeBuilder("pool.used").setUnit("1").build().set(0.5);
            meter.histogramBuilder("orders.handling")
                    .setUnit("s")
                    .setExplicitBucketBoundariesAdvice(List.of(0.1, 1.0))
                    .build()
                    .record(0.25);
            var size =
                    meter.gaugeBuilder("orders.size").ofLongs().setUnit("By").buildWithCallback(out -> out.record(512));

            assertThat(fixture.text())
                    .contains(
                            "# HELP orders_placed_total Orders placed.\n# TYPE orders_placed_total counter\n",
                            "orders_placed_total{order_region=\"north\"} 2.0\n",
                            "# TYPE orders_open gauge\norders_open -3.0\n",
                            "# TYPE pool_used_ratio gauge\npool_used_ratio 0.5\n",
                            "# TYPE orders_handling_seconds histogram\n",
                            "orders_handling_seconds_bucket{le=\"0.1\"} 0\n",
                            "orders_handling_seconds_bucket{le=\"1.0\"} 1\n",
                            "orders_handling_seconds_bucket{le=\"+Inf\"} 1\n",
                            "orders_handling_seconds_sum 0.25\n",
                            "orders_size_bytes 512.0\n");
            size.close();
        }
    }

    @Test
    void exposesTheScopeOfASeries() throws Exception {
        try (OpenTelemetryFixture fixture = OpenTelemetryFixture.started()) {
            OpenTelemetry telemetry = fixture.context.resource(OpenTelemetryPlugin.OPEN_TELEMETRY);

            telemetry.getMeter("one").counterBuilder("visits").build().add(1);
            telemetry
                    .meterBuilder("two")
                    .setInstrumentationVersion("2.1")
                    .build()
                    .counterBuilder("visits")
                    .build()
                    .add(2);

            assertThat(fixture.lines("visits_total"))
                    .containsExactlyInAnyOrder(
                            "visits_total{otel_scope_name=\"one\"} 1.0",
                            "visits_total{otel_scope_name=\"two\",otel_scope_version=\"2.1\"} 2.0");
        }
    }

    @Test
    void exposesTheResourceAttributes() throws Exception {
        OpenTelemetryConfig config =
                OpenTelemetryFixture.config(true, Map.of("service.name", "shop"), OpenTelemetryFixture.DEFAULTS.otlp());
        try (OpenTelemetryFixture fixture = OpenTelemetryFixture.started(config)) {
            assertThat(fixture.lines("target_info{")).singleElement().asString().contains("service_name=\"shop\"");
        }
    }

    @Test
    void showsExponentialHistogramsAsNativeOnes() throws Exception {
        MetricsConfig metrics = OpenTelemetryFixture.metrics(MetricsConfig.Histograms.NATIVE, 1000);
        try (OpenTelemetryFixture fixture = OpenTelemetryFixture.plain(metrics)) {
            var histogram = fixture.meter().histogramBuilder("waiting").build();

            histogram.record(1);
            histogram.record(2);
            histogram.record(1000);

            HistogramDataPointSnapshot point = (HistogramDataPointSnapshot) fixture.registry().scrape().stream()
                    .filter(HistogramSnapshot.class::isInstance)
                    .filter(snapshot ->
                            snapshot.getMetadata().getPrometheusName().equals("waiting"))
                    .findFirst()
                    .orElseThrow()
                    .getDataPoints()
                    .getFirst();
            assertThat(point.getCount()).isEqualTo(3);
            assertThat(point.getSum()).isEqualTo(1003);
            assertThat(point.getNativeSchema()).isBetween(-4, 8);
            double growth = Math.pow(2, Math.pow(2, -point.getNativeSchema()));
            assertThat(point.getNativeBucketsForPositiveValues().stream()
                            .filter(bucket -> bucket.getCount() > 0)
                            .map(bucket -> Math.pow(growth, bucket.getBucketIndex()))
                            .filter(upper -> upper >= 1000 * 0.999999 && upper / growth < 1000))
                    .hasSize(1);
        }
    }

    @Test
    void dropsAndCountsWhatIsAlreadyInTheScrape() throws Exception {
        try (OpenTelemetryFixture fixture = OpenTelemetryFixture.plain()) {
            fixture.context
                    .metrics()
                    .requests("GET", "/orders", "http")
                    .record(200, Duration.ofMillis(5).toNanos(), 10, 20);
            fixture.registry()
                    .gauge(Metric.gauge("heap_used_bytes", "Ours.", "area"), "heap")
                    .set(42);

            fixture.meter().counterBuilder("lynx.requests").build().add(7, mine());
            fixture.meter()
                    .upDownCounterBuilder("heap.used")
                    .setUnit("By")
                    .build()
                    .add(7, mine());
            fixture.meter().counterBuilder("visits").build().add(1);
            String first = fixture.text();
            String second = fixture.text();

            assertThat(first).doesNotContain("mine=\"yes\"").contains("visits_total 1.0\n", "} 42.0\n");
            assertThat(second).contains(ERRORS + " 4.0\n");
        }
    }

    @Test
    void dropsOnlyInstrumentsOfDifferentTypesWhoseNamesBecomeTheSame() throws Exception {
        try (OpenTelemetryFixture fixture = OpenTelemetryFixture.plain()) {
            fixture.meter().counterBuilder("thing.count").build().add(1);
            fixture.meter().gaugeBuilder("thing_count").build().set(2);
            fixture.meter().counterBuilder("visits").build().add(1);
            String first = fixture.text();
            String second = fixture.text();

            assertThat(first).doesNotContain("thing_count").contains("visits_total 1.0\n");
            assertThat(second).contains(ERRORS + " 2.0\n");
        }
    }

    @Test
    void dropsSeriesThatCannotBeDistinguished() throws Exception {
        try (OpenTelemetryFixture fixture = OpenTelemetryFixture.plain()) {
            OpenTelemetry telemetry = fixture.context.resource(OpenTelemetryPlugin.OPEN_TELEMETRY);

            telemetry.getMeter("one").counterBuilder("doubled").build().add(1);
            telemetry.getMeter("two").counterBuilder("doubled").build().add(1);
            fixture.meter().counterBuilder("visits").build().add(1);

            assertThat(fixture.text()).doesNotContain("doubled").contains("visits_total 1.0\n");
        }
    }

    @Test
    void survivesCallbacksThatThrow() throws Exception {
        try (OpenTelemetryFixture fixture = OpenTelemetryFixture.plain()) {
            var broken = fixture.meter().gaugeBuilder("broken").buildWithCallback(_ -> {
                throw new IllegalStateException("gauge");
            });
            fixture.meter().counterBuilder("visits").build().add(1);

            assertThat(fixture.text()).contains("visits_total 1.0\n").doesNotContain("broken");
            broken.close();
        }
    }

    @Test
    void boundsTheSeriesOfAnInstrument() throws Exception {
        MetricsConfig metrics = OpenTelemetryFixture.metrics(MetricsConfig.Histograms.CLASSIC, 3);
        try (OpenTelemetryFixture fixture = OpenTelemetryFixture.plain(metrics)) {
            var visits = fixture.meter().counterBuilder("visits").build();

            for (int user = 0; user < 100; user++) {
                visits.add(1, Attributes.of(AttributeKey.stringKey("user"), "u" + user));
            }

            assertThat(fixture.lines("visits_total"))
                    .hasSize(4)
                    .contains("visits_total{otel_metric_overflow=\"true\"} 97.0");
        }
    }

    @Test
    void exposesHostileNamesAndValuesAsValidText() throws Exception {
        try (OpenTelemetryFixture fixture = OpenTelemetryFixture.started()) {
            Attributes hostile = Attributes.builder()
                    .put("le", "5")
                    .put("__name__", "other")
                    .put("1st", "a\"b\n\\")
                    .put("häuser.名", "x")
                    .put("user.id", "1")
                    .put("user_id", "2")
                    .put("名", "y")
                    .put(AttributeKey.longArrayKey("list"), List.of(1L, 2L))
                    .build();

            fixture.meter()
                    .histogramBuilder("a-b/c.d")
                    .setUnit("{wild}/s")
                    .build()
                    .record(1, hostile);
            fixture.meter().counterBuilder("1 not a name\n").build().add(1, hostile);
            fixture.meter().counterBuilder("visits").build().add(1, hostile);
            String scraped = fixture.text();

            assertThat(scraped)
                    .contains("a_b_c_d_per_second_bucket{", "visits_total{", "exported_le=\"5\"", "user_id=\"1;2\"");
            assertThat(scraped.lines().filter(line -> !line.startsWith("#")))
                    .allMatch(line -> line.matches("[a-zA-Z_:][a-zA-Z0-9_:]*(\\{([a-zA-Z_][a-zA-Z0-9_]*=\"([^\"\\\\\n"
                            + "]|\\\\.)*\",?)*\\})? \\S+"));
        }
    }

    @Test
    void exposesNothingAfterTheStopAndStartsEmptyAgain() throws Exception {
        OpenTelemetryFixture fixture = OpenTelemetryFixture.plain();
        fixture.meter().counterBuilder("visits").build().add(1);

        fixture.stop(Duration.ofSeconds(5));

        assertThat(fixture.text()).doesNotContain("visits_total", "target_info");

        fixture.plugin.start(fixture.context);
        fixture.meter().counterBuilder("visits").build().add(5);

        assertThat(fixture.lines("visits_total")).containsExactly("visits_total 5.0");
        fixture.close();
    }

    @Test
    void keepsTwoApplicationsApart() throws Exception {
        try (OpenTelemetryFixture one = OpenTelemetryFixture.plain();
                OpenTelemetryFixture other = OpenTelemetryFixture.plain()) {
            one.meter().counterBuilder("visits").build().add(1);

            assertThat(one.lines("visits_total")).hasSize(1);
            assertThat(other.lines("visits_total")).isEmpty();
        }
    }

    private static Attributes mine() {
        return Attributes.of(AttributeKey.stringKey("mine"), "yes");
    }
}
