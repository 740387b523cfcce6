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
 * Gives the application a Micrometer {@link MeterRegistry} whose meters appear in its scrape. It starts before all plugins
 * of the service and stops after them, so that their last numbers are still seen.
 *
 * <p>A meter whose name the scrape has already is left out of it and counted in {@code
 * lynx_metrics_collector_errors_total{source="micrometer"}}, and so is one that throws when it is read; neither touches
 * the others. A meter has {@code lynx.metrics.max_series} combinations of tags at most: {@link SeriesLimit} says what
 * becomes of more. Thread-safe.
 */
public final class MicrometerPlugin implements Plugin {
    /** Its id, and the source under which its errors are counted. */
    public static final String ID = "micrometer";

    /** Where other plugins find the registry. */
    public static final ResourceKey<MeterRegistry> REGISTRY =
            ResourceKey.of("micrometer.registry", MeterRegistry.class);

    /** Among the plugins of its stage it comes early: what the others record is to be seen for as long as they run. */
    private static final int WEIGHT = 100;

    private final Consumer<MeterRegistry> preparation;

    /** The plugin; its registry is empty at first. */
    public MicrometerPlugin() {
        this(_ -> {});
    }

    private MicrometerPlugin(Consumer<MeterRegistry> preparation) {
        this.preparation = preparation;
    }

    /**
     * The plugin, whose registry is handed to {@code preparation} at each start before anybody else sees it: the place for
     * filters and for binders of Micrometer. What that throws fails the start.
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

    /** Micrometer asks for its keys by name, and takes null for its own default. */
    private static io.micrometer.prometheusmetrics.PrometheusConfig settings(MicrometerConfig config) {
        return key -> key.equals("prometheus.step") ? config.step().toMillis() + "ms" : null;
    }
}
