package io.lynx.opentelemetry;

import io.lynx.config.Binding;
import io.lynx.metrics.MetricRegistry;
import io.lynx.metrics.MetricsConfig;
import io.lynx.testkit.RecordingContext;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import io.opentelemetry.api.metrics.Meter;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A started plugin, and what a scrape says of it. */
final class OpenTelemetryFixture implements AutoCloseable {
    static final OpenTelemetryConfig DEFAULTS = Binding.defaults(OpenTelemetryConfig.class);

    final RecordingContext context;
    final OpenTelemetryPlugin plugin;

    private OpenTelemetryFixture(OpenTelemetryPlugin plugin, Record... configs) {
        this.plugin = plugin;
        this.context = RecordingContext.onRealTime(plugin.descriptor());
        for (Record config : configs) {
            RecordingContext _ = context.config(config);
        }
        plugin.start(context);
    }

    static OpenTelemetryFixture started(Record... configs) {
        return new OpenTelemetryFixture(new OpenTelemetryPlugin(), configs);
    }

    static OpenTelemetryFixture started(OpenTelemetryPlugin plugin, Record... configs) {
        return new OpenTelemetryFixture(plugin, configs);
    }

    /** Without the labels of the scope, which most tests do not care for. */
    static OpenTelemetryFixture plain(Record... configs) {
        Record[] all = java.util.Arrays.copyOf(configs, configs.length + 1);
        all[configs.length] = config(false, Map.of(), DEFAULTS.otlp());
        return started(all);
    }

    static MetricsConfig metrics(MetricsConfig.Histograms histograms, int most) {
        MetricsConfig defaults = Binding.defaults(MetricsConfig.class);
        return new MetricsConfig(
                defaults.enabled(),
                defaults.updateInterval(),
                defaults.prometheus(),
                histograms,
                false,
                Map.of(),
                most);
    }

    /** Without traces. */
    static OpenTelemetryConfig config(boolean scopeLabels, Map<String, String> resource, OtlpConfig otlp) {
        return new OpenTelemetryConfig(scopeLabels, resource, otlp, DEFAULTS.traces(), DEFAULTS.standard());
    }

    static OtlpConfig otlp(String endpoint, Duration timeout) {
        OtlpConfig defaults = DEFAULTS.otlp();
        return new OtlpConfig(
                true,
                URI.create(endpoint),
                Duration.ofHours(1),
                timeout,
                Map.of("x-tenant", "orders"),
                defaults.protocol(),
                defaults.compression(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    static OpenTelemetryConfig pushing(String endpoint, Duration timeout) {
        return config(false, Map.of("deployment.environment.name", "test"), otlp(endpoint, timeout));
    }

    Meter meter() {
        return context.resource(OpenTelemetryPlugin.OPEN_TELEMETRY).getMeter("orders");
    }

    MetricRegistry registry() {
        return context.metrics().registry();
    }

    /** The lines of a scrape that begin so. */
    List<String> lines(String beginning) {
        return context.scrapedLines(beginning);
    }

    String text() {
        return context.scrape();
    }

    /** Stops the plugin and closes what it owns, as an application does. */
    void stop(Duration within) throws Exception {
        plugin.stop(Deadline.after(within, Ticker.system()));
        context.stop();
    }

    @Override
    public void close() throws Exception {
        stop(Duration.ofSeconds(5));
        context.close();
    }
}
