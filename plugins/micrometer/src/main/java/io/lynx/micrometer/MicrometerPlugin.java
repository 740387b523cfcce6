package io.lynx.micrometer;

import io.lynx.extension.ResourceKey;
import io.lynx.metrics.MetricRegistry;
import io.lynx.metrics.MetricsConfig;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.Tag;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.function.Consumer;

/**
 * Gives the application a Micrometer {@link MeterRegistry} whose meters appear in its scrape. It starts before all
 * plugins of the service and stops after them, so that their last values are still scraped.
 *
 * <p>A meter whose name is taken in the scrape, or that throws when it is read, is left out and counted in {@code
 * lynx_metrics_collector_errors_total{source="micrometer"}}; all others are exposed. A meter has at most {@code
 * lynx.metrics.max_series} combinations of tags; {@link SeriesLimit} handles further ones. Thread-safe.
 */
public final class MicrometerPlugin implements Plugin {
    /** The id of this plugin, and the source under which its errors are counted. */
    public static final String ID = "micrometer";

    /** The key under which other plugins find the registry. */
    public static final ResourceKey<MeterRegistry> REGISTRY =
            ResourceKey.of("micrometer.registry", MeterRegistry.class);

    /**
     * Starts it early among the plugins of its stage, so that the metrics of the others are exposed as long as they
     * run.
     */
    private static final int WEIGHT = 100;

    private final Consumer<MeterRegistry> preparation;

    /** Creates the plugin; its registry is empty at first. */
    public MicrometerPlugin() {
        this(_ -> {});
    }

    private MicrometerPlugin(Consumer<MeterRegistry> preparation) {
        this.preparation = preparation;
    }

    /**
     * Creates the plugin. At each start, {@code preparation} receives the registry before other plugins do, to add
     * filters and binders of Micrometer. If it throws, the start fails.
     */
    public static MicrometerPlugin with(Consumer<MeterRegistry> preparation) {
        return new MicrometerPlugin(preparation);
    }

    @Override
    public PluginDescriptor descriptor() {
        return PluginDescriptor.of(ID)
                .name("Micrometer")
                .management()
                .weight(WEIGHT)
                .config("lynx.micrometer", MicrometerConfig.class)
                .build();
    }

    @Override
    public void start(PluginContext context) {
        MicrometerConfig config = context.config(MicrometerConfig.class);
        MetricRegistry metrics = context.metrics().registry();
        ScrapedRegistry scraped = new ScrapedRegistry(metrics);
        MeterRegistry registry = new PrometheusMeterRegistry(settings(config), scraped, Clock.SYSTEM);
        context.own((AutoCloseable) registry::close);
        context.own(scraped);

        registry.config()
                .commonTags(config.tags().entrySet().stream()
                        .map(tag -> Tag.of(tag.getKey(), tag.getValue()))
                        .toList());
        preparation.accept(registry);
        SeriesLimit limit =
                new SeriesLimit(context.config(MetricsConfig.SECTION).maxSeries(), registry);
        registry.config().meterFilter(limit).onMeterRemoved(meter -> limit.forget(meter.getId()));
        context.own(metrics.source(ID, limit));

        if (config.globalRegistry()) {
            Metrics.addRegistry(registry);
            context.own((AutoCloseable) () -> Metrics.removeRegistry(registry));
        }
        context.share(REGISTRY, registry);
    }

    /** Returns the settings by Micrometer's own keys; null means Micrometer's default. */
    private static io.micrometer.prometheusmetrics.PrometheusConfig settings(MicrometerConfig config) {
        return key -> key.equals("prometheus.step") ? config.step().toMillis() + "ms" : null;
    }
}
