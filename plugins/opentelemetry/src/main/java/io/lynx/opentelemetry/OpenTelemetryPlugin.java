package io.lynx.opentelemetry;

import io.lynx.app.ApplicationView;
import io.lynx.extension.ResourceKey;
import io.lynx.metrics.Metric;
import io.lynx.metrics.MetricRegistry;
import io.lynx.metrics.MetricsConfig;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.time.Deadline;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.SdkMeterProviderBuilder;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.resources.Resource;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the application an {@link OpenTelemetry} whose metrics appear in its scrape, pushes all metrics of the application to a
 * collector if {@code lynx.opentelemetry.otlp.enabled} is set, and records and pushes spans if {@code
 * lynx.opentelemetry.traces.endpoint} or one of OpenTelemetry's standard variables names a collector. It starts before all plugins
 * of the service and stops after them, so that the last push has their last values. Nothing is registered as global. Thread-safe.
 *
 * <p>An instrument whose name is taken in the scrape is left out of it and counted in {@code
 * lynx_metrics_collector_errors_total{source="opentelemetry"}}, but it is pushed. An instrument has at most {@code
 * lynx.metrics.max_series} combinations of attributes; further ones share one series with {@code otel_metric_overflow}.
 */
public final class OpenTelemetryPlugin implements Plugin {
    private static final Logger log = LoggerFactory.getLogger(OpenTelemetryPlugin.class);

    /** The id of this plugin, and the source under which its errors are counted. */
    public static final String ID = "opentelemetry";

    /** The key under which other plugins find it. It records metrics, and traces if they are enabled, but no logs. */
    public static final ResourceKey<OpenTelemetry> OPEN_TELEMETRY =
            ResourceKey.of("opentelemetry", OpenTelemetry.class);

    /** {@code lynx_otlp_pushes_total}: the pushes by outcome; every outcome is exposed from the first push on. */
    public static final Metric PUSHES =
            Metric.counter("lynx_otlp_pushes_total", "Pushes of all metrics to a collector.", "outcome");

    /** {@code lynx_trace_spans_dropped_total}: {@code queue_full}, {@code refused}, {@code push_failed} or {@code shutdown}. */
    public static final Metric SPANS_DROPPED =
            Metric.counter("lynx_trace_spans_dropped_total", "Spans that did not reach the collector.", "reason");

    /** {@code lynx_trace_spans_pushed_total} */
    public static final Metric SPANS_PUSHED =
            Metric.counter("lynx_trace_spans_pushed_total", "Spans that were pushed to a collector.");

    /** All metrics of this plugin. */
    public static final List<Metric> METRICS = List.of(PUSHES, SPANS_PUSHED, SPANS_DROPPED);

    /**
     * Starts it early among the plugins of its stage, so that the metrics of the others are exposed as long as they
     * run.
     */
    private static final int WEIGHT = 100;

    private final Consumer<SdkMeterProviderBuilder> preparation;
    private volatile @Nullable OtlpPush push;
    private volatile @Nullable TraceRecording traces;

    /** Created at the first start and kept for later starts, since the process is the same. */
    private @Nullable String instance;

    /** Creates the plugin; it has no instruments at first. */
    public OpenTelemetryPlugin() {
        this(_ -> {});
    }

    private OpenTelemetryPlugin(Consumer<SdkMeterProviderBuilder> preparation) {
        this.preparation = preparation;
    }

    /**
     * Creates the plugin. At each start, {@code preparation} receives the builder of the meter provider, to add views.
     * If it throws, the start fails.
     */
    public static OpenTelemetryPlugin with(Consumer<SdkMeterProviderBuilder> preparation) {
        return new OpenTelemetryPlugin(preparation);
    }

    @Override
    public PluginDescriptor descriptor() {
        return PluginDescriptor.of(ID)
                .name("OpenTelemetry")
                .management()
                .weight(WEIGHT)
                .config("lynx.opentelemetry", OpenTelemetryConfig.class)
                .build();
    }

    @Override
    public void start(PluginContext context) {
        OpenTelemetryConfig config = context.config(OpenTelemetryConfig.class);
        MetricsConfig limits = context.config(MetricsConfig.SECTION);
        MetricRegistry registry = context.metrics().registry();
        Optional<ApplicationView> application = context.findResource(ApplicationView.KEY);
        VariableReader variables = new VariableReader(log::warn);
        Resource resource = Identity.resource(application, instance(), config.resource(), config.standard(), variables);

        InstrumentReader reader = new InstrumentReader(limits.histograms() == MetricsConfig.Histograms.NATIVE);
        SdkMeterProviderBuilder builder = SdkMeterProvider.builder()
                .setResource(resource)
                // The SDK includes the shared series in its count.
                .registerMetricReader(reader, _ -> limits.maxSeries() + 1);
        preparation.accept(builder);
        SdkMeterProvider provider = context.own(builder.build());

        ScrapedInstruments scraped =
                new ScrapedInstruments(reader, new PrometheusFamilies(config.scopeLabels()), resource);
        AutoCloseable _ = context.own(registry.collector(ID, scraped));
        AutoCloseable _ = context.own(registry.source(ID, scraped));

        if (config.otlp().enabled() && limits.enabled()) {
            Instant startedAt = application.map(ApplicationView::startedAt).orElseGet(registry.clock()::instant);
            RegistryConversion conversion = new RegistryConversion(resource, startedAt, scraped::dropped);
            OtlpEndpoint<MetricData> endpoint =
                    context.own(OtlpEndpoint.metrics(config.otlp().target(), context.threads()));
            OtlpPush pushing = new OtlpPush(
                    config.otlp(),
                    everything(registry, reader, scraped, conversion),
                    endpoint,
                    context.ticker(),
                    context.scheduler(),
                    registry);
            pushing.start();
            push = pushing;
        }
        variables.checkPropagators(config.standard().propagators());
        TraceSettings settings =
                TraceSettings.of(config.traces(), config.standard(), variables).orElse(null);
        TraceRecording recording = settings == null ? null : TraceRecording.start(context, settings, resource);
        traces = recording;
        TracerProvider tracers = recording == null ? TracerProvider.noop() : recording.tracers();
        context.share(OPEN_TELEMETRY, new MetricsAndTraces(provider, tracers));
    }

    @Override
    public void stop(Deadline deadline) throws InterruptedException {
        TraceRecording recording = traces;
        traces = null;
        OtlpPush running = push;
        push = null;
        if (recording != null) {
            // Spans may not use up the time of the metrics.
            recording.finish(
                    running == null
                            ? deadline
                            : deadline.atMost(deadline.remaining().dividedBy(2)));
        }
        if (running != null) {
            running.finish(deadline);
        }
    }

    private String instance() {
        String known = instance;
        if (known == null) {
            known = UUID.randomUUID().toString();
            instance = known;
        }
        return known;
    }

    private static Supplier<Collection<MetricData>> everything(
            MetricRegistry registry,
            InstrumentReader reader,
            ScrapedInstruments scraped,
            RegistryConversion conversion) {
        return () -> {
            List<MetricData> all = new ArrayList<>(reader.read());
            List<MetricSnapshot> others = registry.scrape().stream()
                    .filter(snapshot -> !scraped.isOwn(snapshot))
                    .toList();
            all.addAll(conversion.convert(others, registry.clock().instant()));
            return all;
        };
    }
}
