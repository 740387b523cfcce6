package io.lynx.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lynx.app.Application;
import io.lynx.app.ShutdownReport;
import io.lynx.config.ConfigurationException;
import io.lynx.config.ConfigurationException.ConfigProblem;
import io.lynx.opentelemetry.Collector.Push;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.plugin.PluginStatus;
import io.lynx.time.Deadline;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The plugin as an application finds, starts, restarts and stops it. */
final class ApplicationPushTest {
    /** Counts its own stop, which only a push after it can show. */
    private static final class Orders implements Plugin {
        private @Nullable LongCounter stops;

        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("orders")
                    .requires(OpenTelemetryPlugin.ID)
                    .build();
        }

        @Override
        public void start(PluginContext context) {
            context.metrics().recordCacheHit("orders");
            stops = context.resource(OpenTelemetryPlugin.OPEN_TELEMETRY)
                    .getMeter("orders")
                    .counterBuilder("orders.stops")
                    .build();
        }

        @Override
        public void stop(Deadline deadline) {
            if (stops != null) {
                stops.add(1);
            }
        }
    }

    private static Application.Builder application() {
        return Application.builder()
                .set("lynx.application.name", "shop")
                .set("lynx.application.version", "1.2.3")
                // The first push of a process loads classes, which takes seconds on a busy machine.
                .set("lynx.shutdown.timeout", "5m")
                .set("lynx.shutdown.plugin_timeout", "60s");
    }

    @Test
    void startsWithItsSectionAndPushesTheFinalValuesOfAllPlugins() throws Exception {
        try (Collector collector = Collector.accepting();
                Application application = application()
                        .plugin(new Orders())
                        .set("lynx.opentelemetry.otlp.enabled", "true")
                        .set("lynx.opentelemetry.otlp.endpoint", collector.url())
                        .set("lynx.opentelemetry.otlp.headers.x-tenant", "shop")
                        .build()) {
            application.start();
            ShutdownReport report = application.stop();
            Push push = collector.next();

            assertThat(report.isClean()).isTrue();
            assertThat(push.metric("orders.stops")
                            .orElseThrow()
                            .getSum()
                            .getDataPoints(0)
                            .getAsInt())
                    .isEqualTo(1);
            assertThat(push.metric("lynx_cache_hits_total")).isPresent();
            assertThat(push.headers()).containsEntry("X-tenant", "shop");
            assertThat(push.message().getResourceMetrics(0).getResource().getAttributesList().stream()
                            .filter(attribute -> attribute.getKey().startsWith("service.")
                                    && !attribute.getKey().equals("service.instance.id"))
                            .map(KeyValue::getValue)
                            .map(value -> value.getStringValue()))
                    .containsExactlyInAnyOrder("shop", "1.2.3");
        }
    }

    @Test
    void isNotStartedWithoutItsSection() throws Exception {
        try (Application application = application().build()) {
            application.start();

            assertThat(application.plugins()).extracting(PluginStatus::id).doesNotContain(OpenTelemetryPlugin.ID);
        }
    }

    @Test
    void pushesBeforeARestartAndAfterIt() throws Exception {
        try (Collector collector = Collector.accepting();
                Application application = application()
                        .plugin(new Orders())
                        .set("lynx.opentelemetry.otlp.enabled", "true")
                        .set("lynx.opentelemetry.otlp.endpoint", collector.url())
                        .build()) {
            application.start();

            application.restart(OpenTelemetryPlugin.ID);
            ShutdownReport report = application.stop();

            assertThat(report.isClean()).isTrue();
            assertThat(collector.next().metric("orders.stops")).isPresent();
            assertThat(collector.next().metric("orders.stops")).isPresent();
            assertThat(collector.isEmpty()).isTrue();
        }
    }

    @Test
    void stopsInTimeWhenTheCollectorHangs() throws Exception {
        try (Collector collector = Collector.hanging();
                Application application = application()
                        .set("lynx.opentelemetry.otlp.enabled", "true")
                        .set("lynx.opentelemetry.otlp.endpoint", collector.url())
                        .set("lynx.opentelemetry.otlp.timeout", "2s")
                        .build()) {
            application.start();
            long began = System.nanoTime();

            ShutdownReport report = application.stop();

            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
            assertThat(report.isClean()).isTrue();
            collector.next();
        }
    }

    @Test
    void refusesABadSectionBeforeAnythingStarts() {
        Application application = application()
                .set("lynx.opentelemetry.otlp.protocol", "grpc")
                .set("lynx.opentelemetry.otlp.interval", "1ms")
                .build();

        ConfigurationException failure = catchThrowableOfType(ConfigurationException.class, application::start);

        assertThat(failure.problems())
                .extracting(ConfigProblem::message)
                .containsExactlyInAnyOrder(
                        "lynx.opentelemetry.otlp.interval: '1ms' is out of range (code); 1s to 1h",
                        "lynx.opentelemetry.otlp.protocol: 'grpc' is not allowed (code);"
                                + " only http/protobuf is supported");
    }

    @Test
    void refusesABadEndpointBeforeAnythingStarts() {
        Application application = application()
                .set("lynx.opentelemetry.otlp.endpoint", "grpc://collector:4317")
                .build();

        ConfigurationException failure = catchThrowableOfType(ConfigurationException.class, application::start);

        assertThat(failure.problems())
                .singleElement()
                .extracting(ConfigProblem::message)
                .asString()
                .contains("lynx.opentelemetry.otlp", "endpoint: 'grpc://collector:4317'; write http:// or https://");
    }
}
