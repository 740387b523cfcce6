package io.lynx.micrometer;

import io.lynx.config.Binding;
import io.lynx.metrics.MetricRegistry;
import io.lynx.metrics.MetricsConfig;
import io.lynx.testkit.ManualTime;
import io.lynx.testkit.RecordingContext;
import io.lynx.time.Deadline;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A started plugin, and what a scrape says of it. */
final class MicrometerFixture implements AutoCloseable {
    static final MicrometerConfig DEFAULTS = Binding.defaults(MicrometerConfig.class);

    final ManualTime time = new ManualTime();
    final RecordingContext context;
    final MicrometerPlugin plugin;

    private MicrometerFixture(MicrometerPlugin plugin, Record... configs) {
        this.plugin = plugin;
        this.context = RecordingContext.of(plugin.descriptor(), time);
        for (Record config : configs) {
            RecordingContext _ = context.config(config);
        }
        plugin.start(context);
    }

    static MicrometerFixture started(Record... configs) {
        return new MicrometerFixture(new MicrometerPlugin(), configs);
    }

    static MicrometerFixture started(MicrometerPlugin plugin, Record... configs) {
        return new MicrometerFixture(plugin, configs);
    }

    static MetricsConfig withMaxSeries(int most) {
        MetricsConfig defaults = Binding.defaults(MetricsConfig.class);
        return new MetricsConfig(
                defaults.enabled(),
                defaults.updateInterval(),
                defaults.prometheus(),
                defaults.histograms(),
                false,
                Map.of(),
                most);
    }

    MeterRegistry meters() {
        return context.resource(MicrometerPlugin.REGISTRY);
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

    void stop() throws Exception {
        plugin.stop(Deadline.after(Duration.ofSeconds(5), time));
        context.stop();
    }

    @Override
    public void close() throws Exception {
        stop();
        context.close();
    }
}
