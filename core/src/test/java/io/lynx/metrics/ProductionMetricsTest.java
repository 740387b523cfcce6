package io.lynx.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.config.Binding;
import io.lynx.metrics.MetricsSnapshot.Series;
import io.lynx.testkit.ManualTime;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProductionMetricsTest {
    private final ManualTime time = new ManualTime();
    private final ProductionMetrics metrics = ProductionMetrics.builder()
            .config(Binding.defaults(MetricsConfig.class))
            .scheduler(time)
            .clock(time)
            .service("orders")
            .build();

    @Test
    void countsRequestsByRouteAndStatus() {
        metrics.recordRequest("GET", "/orders/{id}", "200", "http", Duration.ofMillis(50), 0, 2048);
        metrics.recordRequest("GET", "/orders/{id}", "200", "http", Duration.ofMillis(150), 10, 2048);
        metrics.recordRequest("BREW", "unmatched", "404", "http", Duration.ofMillis(1), 0, 10);

        MetricsSnapshot snapshot = metrics.snapshot();

        assertThat(snapshot.find(
                        "lynx_requests_total",
                        Map.of("method", "GET", "path", "/orders/{id}", "status_code", "200", "protocol", "http")))
                .hasValueSatisfying(series -> assertThat(series.value()).isEqualTo(2));
        assertThat(snapshot.find(
                        "lynx_request_duration_seconds",
                        Map.of("method", "GET", "path", "/orders/{id}", "protocol", "http")))
                .hasValueSatisfying(series -> {
                    assertThat(series.value()).isEqualTo(2);
                    assertThat(series.sum()).isCloseTo(0.2, org.assertj.core.data.Offset.offset(1e-9));
                });
        assertThat(snapshot.find(
                        "lynx_requests_total",
                        Map.of("method", "OTHER", "path", "unmatched", "status_code", "404", "protocol", "http")))
                .isPresent();
    }

    @Test
    void computesErrorRatesEachInterval() {
        metrics.start();
        metrics.recordRequest("GET", "/a", "200", "http", Duration.ZERO, 0, 0);
        metrics.recordRequest("GET", "/a", "503", "http", Duration.ZERO, 0, 0);
        metrics.recordRequest("GET", "/b", "200", "http", Duration.ZERO, 0, 0);
        metrics.recordRequest("GET", "/b", "200", "http", Duration.ZERO, 0, 0);

        time.advance(Duration.ofSeconds(30));

        assertThat(errorRate("/a")).isEqualTo(0.5);
        assertThat(errorRate("/b")).isEqualTo(0);
        assertThat(errorRate("all")).isEqualTo(0.25);

        time.advance(Duration.ofSeconds(30));

        assertThat(errorRate("all")).isEqualTo(0);
    }

    @Test
    void countsNoRequestTwiceAcrossAPause() {
        metrics.recordRequest("GET", "/a", "500", "http", Duration.ZERO, 0, 0);
        metrics.start();
        metrics.start();
        time.advance(Duration.ofSeconds(30));
        assertThat(errorRate("all")).isEqualTo(0);

        metrics.stop();
        metrics.stop();
        metrics.recordRequest("GET", "/a", "500", "http", Duration.ZERO, 0, 0);
        time.advance(Duration.ofMinutes(5));
        metrics.start();
        time.advance(Duration.ofSeconds(30));

        assertThat(errorRate("/a")).isEqualTo(0);
    }

    @Test
    void removesTheRateOfAnEndpointWithoutSeries() {
        metrics.start();
        metrics.recordRequest("GET", "/a", "500", "http", Duration.ZERO, 0, 0);
        metrics.recordRequest("GET", "/b", "500", "http", Duration.ZERO, 0, 0);
        time.advance(Duration.ofSeconds(30));
        assertThat(errorRate("/a")).isEqualTo(1);

        metrics.registry().forget("path", "/a");
        time.advance(Duration.ofSeconds(30));

        assertThat(errorRate("/a")).isNaN();
        assertThat(errorRate("all")).isEqualTo(0);

        metrics.recordRequest("GET", "/a", "200", "http", Duration.ZERO, 0, 0);
        metrics.recordRequest("GET", "/a", "500", "http", Duration.ZERO, 0, 0);
        time.advance(Duration.ofSeconds(30));

        assertThat(errorRate("/a")).isEqualTo(.5);
    }

    @Test
    void acceptsEveryMethodAndStatusThatAClientSends() {
        metrics.recordRequest(null, null, null, null, Duration.ofDays(-1), -1, Long.MAX_VALUE);
        metrics.recordRequest("GET", "/a", "2xx", "http", Duration.ofDays(1_000_000), 0, 0);
        metrics.requests("GET", "/a", "http").record(99, 1, 1, 1);
        metrics.requests("GET", "/a", "http").record(600, 1, 1, 1);
        metrics.requests("GET", "/a", "http").record(-2_000_000_000, 1, 1, 1);

        MetricsSnapshot snapshot = metrics.snapshot();

        assertThat(snapshot.find(
                        "lynx_requests_total",
                        Map.of("method", "GET", "path", "/a", "status_code", "other", "protocol", "http")))
                .hasValueSatisfying(one -> assertThat(one.value()).isEqualTo(4));
        assertThat(snapshot.find(
                        "lynx_requests_total",
                        Map.of("method", "OTHER", "path", "", "status_code", "other", "protocol", "")))
                .isPresent();
    }

    @Test
    void measuresNothingWhenDisabled() {
        MetricsConfig defaults = Binding.defaults(MetricsConfig.class);
        ProductionMetrics off = ProductionMetrics.builder()
                .config(new MetricsConfig(
                        false,
                        defaults.updateInterval(),
                        defaults.prometheus(),
                        defaults.histograms(),
                        false,
                        Map.of(),
                        1))
                .scheduler(time)
                .build();
        off.start();
        off.registry().source("test", _ -> {
            throw new AssertionError("nobody asks");
        });

        off.recordRequest("GET", "/a", "500", "http", Duration.ZERO, 0, 0);
        off.requests("GET", "/a", "http").record(200, 1, 1, 1, "trace", "span");
        off.recordCacheSize("users", 7);
        time.advance(Duration.ofSeconds(30));

        assertThat(off.snapshot().series()).isEmpty();
        assertThat(off.registry().counter(Catalogue.CACHE_HITS, "users").count())
                .isZero();
    }

    private double errorRate(String endpoint) {
        return metrics.snapshot()
                .find("lynx_error_rate", Map.of("service", "orders", "endpoint", endpoint))
                .map(Series::value)
                .orElse(Double.NaN);
    }
}
