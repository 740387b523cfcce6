package io.lynx.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.metrics.Metric;
import io.lynx.metrics.Metric.Unit;
import io.lynx.metrics.MetricsConfig;
import io.lynx.opentelemetry.Collector.Push;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsPartialSuccess;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.Sum;
import io.opentelemetry.sdk.metrics.data.MetricData;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pushes to a real HTTP server on the loopback. The interval is an hour: what is seen is the push at the stop. */
final class OtlpTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** A time to stop in which a push begins even on a busy machine, and which is far shorter than the time-out of a push. */
    private static final Duration BRIEF = Duration.ofSeconds(2);

    @Test
    void pushesInstrumentsAndTheWholeRegistryAtTheStop() throws Exception {
        try (Collector collector = Collector.accepting()) {
            OpenTelemetryFixture fixture =
                    OpenTelemetryFixture.started(OpenTelemetryFixture.pushing(collector.url(), TIMEOUT));
            fixture.meter()
                    .counterBuilder("orders.placed")
                    .build()
                    .add(3, Attributes.of(AttributeKey.stringKey("region"), "north"));
            fixture.registry()
                    .counter(Metric.counter("mails_sent_total", "Mails.", "kind"), "invoice")
                    .add(4);
            fixture.registry()
                    .gauge(Metric.gauge("queue_bytes", "Waiting."), new String[0])
                    .set(1.5);
            fixture.registry()
                    .histogram(Metric.histogram("mail_seconds", "Time.", Unit.SECONDS, List.of(0.1, 1.0)))
                    .record(Duration.ofMillis(500));

            fixture.stop(TIMEOUT);
            Push push = collector.next();

            assertThat(push.method()).isEqualTo("POST");
            assertThat(push.path()).isEqualTo("/v1/metrics");
            assertThat(push.headers())
                    .containsEntry("Content-type", "application/x-protobuf")
                    .containsEntry("Content-encoding", "gzip")
                    .containsEntry("X-tenant", "orders");
            assertThat(push.message().getResourceMetrics(0).getResource().getAttributesList())
                    .contains(attribute("deployment.environment.name", "test"));

            Sum native_ = push.metric("orders.placed").orElseThrow().getSum();
            assertThat(native_.getIsMonotonic()).isTrue();
            assertThat(native_.getDataPoints(0).getAsInt()).isEqualTo(3);

            Sum mails = push.metric("mails_sent_total").orElseThrow().getSum();
            NumberDataPoint sent = mails.getDataPoints(0);
            assertThat(mails.getIsMonotonic()).isTrue();
            assertThat(mails.getAggregationTemporality())
                    .isEqualTo(AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE);
            assertThat(sent.getAsDouble()).isEqualTo(4);
            assertThat(sent.getAttributesList()).containsExactly(attribute("kind", "invoice"));
            assertThat(sent.getStartTimeUnixNano()).isPositive().isLessThanOrEqualTo(sent.getTimeUnixNano());

            var queue = push.metric("queue_bytes").orElseThrow();
            assertThat(queue.getUnit()).isEqualTo("By");
            assertThat(queue.getGauge().getDataPoints(0).getAsDouble()).isEqualTo(1.5);

            var time = push.metric("mail_seconds").orElseThrow();
            HistogramDataPoint took = time.getHistogram().getDataPoints(0);
            assertThat(time.getUnit()).isEqualTo("s");
            assertThat(took.getExplicitBoundsList()).containsExactly(0.1, 1.0);
            assertThat(took.getBucketCountsList()).containsExactly(0L, 1L, 0L);
            assertThat(took.getSum()).isEqualTo(0.5);
            assertThat(took.getCount()).isEqualTo(1);
        }
    }

    @Test
    void pushesAnInstrumentOnceAndNotAgainAsPartOfTheRegistry() throws Exception {
        try (Collector collector = Collector.accepting()) {
            OpenTelemetryFixture fixture =
                    OpenTelemetryFixture.started(OpenTelemetryFixture.pushing(collector.url(), TIMEOUT));
            fixture.meter().counterBuilder("visits").build().add(1);

            fixture.stop(TIMEOUT);
            Push push = collector.next();

            assertThat(push.count("visits")).isEqualTo(1);
            assertThat(push.count("visits_total")).isZero();
            assertThat(push.count("target_info")).isZero();
        }
    }

    @Test
    void pushesExponentialHistogramsAsTheyAre() throws Exception {
        MetricsConfig metrics = OpenTelemetryFixture.metrics(MetricsConfig.Histograms.NATIVE, 1000);
        try (Collector collector = Collector.accepting()) {
            OpenTelemetryFixture fixture =
                    OpenTelemetryFixture.started(OpenTelemetryFixture.pushing(collector.url(), TIMEOUT), metrics);
            fixture.meter().histogramBuilder("waiting").build().record(5);

            fixture.stop(TIMEOUT);

            var pushed = collector.next().metric("waiting").orElseThrow().getExponentialHistogram();
            assertThat(pushed.getDataPoints(0).getCount()).isEqualTo(1);
            assertThat(pushed.getDataPoints(0).getSum()).isEqualTo(5);
        }
    }

    @Test
    void sendsUncompressedBytesIfConfigured() throws Exception {
        try (Collector collector = Collector.accepting()) {
            OtlpConfig plain = new OtlpConfig(
                    true,
                    URI.create(collector.url() + "/tenant/v1/metrics"),
                    Duration.ofHours(1),
                    TIMEOUT,
                    Map.of(),
                    OtlpConfig.Protocol.HTTP_PROTOBUF,
                    OtlpConfig.Compression.NONE,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
            OpenTelemetryFixture fixture =
                    OpenTelemetryFixture.started(OpenTelemetryFixture.config(true, Map.of(), plain));

            fixture.stop(TIMEOUT);

            Push push = collector.next();
            assertThat(push.headers()).doesNotContainKey("Content-encoding");
            assertThat(push.path()).isEqualTo("/tenant/v1/metrics");
        }
    }

    @Test
    void stopsWithinItsDeadlineWhenTheCollectorHangs() throws Exception {
        try (Collector collector = Collector.hanging()) {
            OpenTelemetryFixture fixture =
                    OpenTelemetryFixture.started(OpenTelemetryFixture.pushing(collector.url(), Duration.ofMinutes(1)));

            assertThat(stopMillis(fixture, BRIEF)).isLessThan(20_000);

            collector.next();
            assertThat(pushes(fixture, "timeout")).isEqualTo(1);
            fixture.context.close();
        }
    }

    @Test
    void stopsWithinItsDeadlineWhenAnAnswerNeverEnds() throws Exception {
        try (Collector collector = Collector.dripping()) {
            OpenTelemetryFixture fixture =
                    OpenTelemetryFixture.started(OpenTelemetryFixture.pushing(collector.url(), Duration.ofMinutes(1)));

            assertThat(stopMillis(fixture, BRIEF)).isLessThan(20_000);

            assertThat(pushes(fixture, "timeout")).isEqualTo(1);
            fixture.context.close();
        }
    }

    @Test
    void stopsAtOnceWhenNoCollectorListens() throws Exception {
        try (Socket closed = Collector.closedPort()) {
            OpenTelemetryFixture fixture = OpenTelemetryFixture.started(
                    OpenTelemetryFixture.pushing("http://localhost:" + closed.getLocalPort(), Duration.ofMinutes(1)));

            assertThat(stopMillis(fixture, Duration.ofMinutes(1))).isLessThan(20_000);

            assertThat(pushes(fixture, "unreachable")).isEqualTo(1);
            fixture.context.close();
        }
    }

    @Test
    void countsDataThatACollectorRejects() throws Exception {
        try (Collector collector = new Collector(exchange -> exchange.sendResponseHeaders(503, -1))) {
            OpenTelemetryFixture fixture =
                    OpenTelemetryFixture.started(OpenTelemetryFixture.pushing(collector.url(), TIMEOUT));

            fixture.stop(TIMEOUT);

            assertThat(pushes(fixture, "refused")).isEqualTo(1);
            assertThat(pushes(fixture, "success")).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"429, 7, PT7S", "503, 7, PT7S", "503, , PT0S", "503, soon, PT0S", "503, 86400, PT1H", "400, 7, PT0S"})
    void readsTheTimeThatACollectorRequests(int status, String retryAfter, Duration expected) throws Exception {
        assertThat(answered(status, () -> retryAfter).retryAfter()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void readsTheDateThatACollectorRequests(int status) throws Exception {
        Delivery delivery = answered(
                status,
                () -> DateTimeFormatter.RFC_1123_DATE_TIME.format(
                        ZonedDateTime.now(ZoneOffset.UTC).plusMinutes(10)));

        // Less by the time from here to the date of the answer.
        assertThat(delivery.retryAfter()).isBetween(Duration.ofMinutes(9), Duration.ofMinutes(10));
    }

    /** The result of a push that a collector answers like this; null for no {@code Retry-After}. */
    private static Delivery answered(int status, Supplier<@Nullable String> retryAfter) throws Exception {
        try (Collector collector = new Collector(exchange -> {
                    String requested = retryAfter.get();
                    if (requested != null) {
                        exchange.getResponseHeaders().add("Retry-After", requested);
                    }
                    exchange.sendResponseHeaders(status, -1);
                });
                OtlpEndpoint<MetricData> endpoint = OtlpEndpoint.metrics(
                        OpenTelemetryFixture.otlp(collector.url(), PATIENCE).target(),
                        Thread.ofVirtual().factory())) {
            Delivery delivery = endpoint.deliver(List.of(), Deadline.after(PATIENCE, Ticker.system()));
            assertThat(delivery).hasToString("refused, status " + status);
            return delivery;
        }
    }

    @Test
    void eachInstanceHasItsOwnIdAndKeepsItInARestart() throws Exception {
        try (Collector collector = Collector.accepting()) {
            OpenTelemetryPlugin first = new OpenTelemetryPlugin();

            String id = instance(first, collector);
            String other = instance(new OpenTelemetryPlugin(), collector);

            assertThat(id).hasSize(36);
            assertThat(other).hasSize(36).isNotEqualTo(id);
            assertThat(instance(first, collector)).isEqualTo(id);
        }
    }

    /** Starts and stops the plugin; returns the id that the push at the stop carries. */
    private static String instance(OpenTelemetryPlugin plugin, Collector collector) throws Exception {
        OpenTelemetryFixture.started(plugin, OpenTelemetryFixture.pushing(collector.url(), PATIENCE))
                .stop(PATIENCE);
        return collector.next().message().getResourceMetrics(0).getResource().getAttributesList().stream()
                .filter(attribute -> attribute.getKey().equals("service.instance.id"))
                .map(attribute -> attribute.getValue().getStringValue())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void countsDataThatACollectorAcceptsInPart() throws Exception {
        byte[] partial = ExportMetricsServiceResponse.newBuilder()
                .setPartialSuccess(ExportMetricsPartialSuccess.newBuilder()
                        .setRejectedDataPoints(7)
                        .setErrorMessage("too old"))
                .build()
                .toByteArray();
        try (Collector collector = new Collector(exchange -> {
            exchange.sendResponseHeaders(200, partial.length);
            exchange.getResponseBody().write(partial);
        })) {
            OtlpConfig config = OpenTelemetryFixture.otlp(collector.url(), TIMEOUT);
            try (OtlpEndpoint<MetricData> endpoint =
                    OtlpEndpoint.metrics(config.target(), Thread.ofVirtual().factory())) {
                Delivery delivery = endpoint.deliver(List.of(), Deadline.after(TIMEOUT, Ticker.system()));

                assertThat(delivery).hasToString("partial, 7 points rejected: too old");
            }
        }
    }

    @Test
    void pushesAgainAfterARestart() throws Exception {
        try (Collector collector = Collector.accepting()) {
            OpenTelemetryFixture fixture =
                    OpenTelemetryFixture.started(OpenTelemetryFixture.pushing(collector.url(), TIMEOUT));
            fixture.stop(TIMEOUT);
            collector.next();

            OpenTelemetryFixture second = OpenTelemetryFixture.started(
                    fixture.plugin, OpenTelemetryFixture.pushing(collector.url(), TIMEOUT));
            second.meter().counterBuilder("visits").build().add(9);
            second.stop(TIMEOUT);

            assertThat(collector
                            .next()
                            .metric("visits")
                            .orElseThrow()
                            .getSum()
                            .getDataPoints(0)
                            .getAsInt())
                    .isEqualTo(9);
        }
    }

    private static long stopMillis(OpenTelemetryFixture fixture, Duration within) throws Exception {
        long began = System.nanoTime();
        fixture.plugin.stop(Deadline.after(within, Ticker.system()));
        return Duration.ofNanos(System.nanoTime() - began).toMillis();
    }

    private static double pushes(OpenTelemetryFixture fixture, String outcome) {
        return fixture.registry().counter(OpenTelemetryPlugin.PUSHES, outcome).count();
    }

    private static KeyValue attribute(String key, String value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(io.opentelemetry.proto.common.v1.AnyValue.newBuilder().setStringValue(value))
                .build();
    }
}
