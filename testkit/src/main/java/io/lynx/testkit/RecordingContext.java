package io.lynx.testkit;

import io.lynx.config.Binding;
import io.lynx.config.ConfigSection;
import io.lynx.container.DetachedPlugin;
import io.lynx.container.PluginPages;
import io.lynx.container.PluginServices;
import io.lynx.context.Tracing;
import io.lynx.event.EventBuses;
import io.lynx.event.Events;
import io.lynx.extension.Notifier;
import io.lynx.extension.Registration;
import io.lynx.extension.ResourceKey;
import io.lynx.health.HealthCheck;
import io.lynx.health.HealthCheckConfig;
import io.lynx.health.HealthCheckOptions;
import io.lynx.health.HealthMonitor;
import io.lynx.job.Job;
import io.lynx.job.Schedule;
import io.lynx.json.JsonCodec;
import io.lynx.leadership.Leadership;
import io.lynx.metrics.MetricSource;
import io.lynx.metrics.ProductionMetrics;
import io.lynx.page.PageSource;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.plugin.PluginErrorRecovery;
import io.lynx.plugin.TrafficListener;
import io.lynx.recovery.ErrorRecoveryManager;
import io.lynx.resilience.CircuitBreakerConfig;
import io.lynx.resilience.CircuitBreakers;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import io.lynx.time.SystemScheduler;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A context to call the methods of one plugin with, without an application: for tests of a plugin's own code. It is the container's
 * own context, so its rules are those of an application, and it shares a {@link Tracing}. Sections of the descriptor have their defaults unless {@link #config} sets
 * them. To start a plugin as an application does, use {@link LynxTest}. Thread-safe.
 */
public final class RecordingContext implements PluginContext, AutoCloseable {
    private static final Duration CLOSE = Duration.ofSeconds(10);

    private final Map<Class<?>, Record> configs = new ConcurrentHashMap<>();
    private final ProductionMetrics metrics = ProductionMetrics.builder().build();
    private final Ticker ticker;
    private final Tracing tracing;
    private final Events events;
    private final ErrorRecoveryManager recovery;
    private final HealthMonitor health;
    private final Runnable closeTime;
    private final PluginDescriptor descriptor;
    private final PluginServices services;
    private volatile DetachedPlugin plugin;

    private RecordingContext(
            PluginDescriptor descriptor, Ticker ticker, Scheduler scheduler, InstantSource clock, Runnable closeTime) {
        this.ticker = ticker;
        this.closeTime = closeTime;
        this.tracing = new Tracing(ticker, clock);
        this.events = Events.builder()
                .ticker(ticker)
                .scheduler(scheduler)
                .wallClock(clock)
                .tracing(tracing)
                .build();
        this.recovery = ErrorRecoveryManager.builder()
                .ticker(ticker)
                .scheduler(scheduler)
                .tracing(tracing)
                .build();
        this.health = HealthMonitor.builder(
                        Binding.defaults(HealthCheckConfig.class), scheduler, ticker, Thread::startVirtualThread)
                .build();
        this.descriptor = descriptor;
        this.services = new PluginServices(
                ticker,
                scheduler,
                scheduler,
                clock,
                new PluginServices.Settings() {
                    @Override
                    public <T extends Record> @Nullable T find(ConfigSection<T> section) {
                        return section.type()
                                .cast(configs.computeIfAbsent(section.type(), _ -> Binding.defaults(section.type())));
                    }
                },
                health::register,
                events,
                CircuitBreakers.builder(CircuitBreakerConfig.defaults())
                        .ticker(ticker)
                        .build(),
                metrics,
                recovery,
                new PluginPages(),
                JsonCodec.installed(),
                new Notifier<>(ticker));
        this.plugin = new DetachedPlugin(descriptor, services, tracing);
    }

    /** Creates the context of a plugin on manual time. */
    public static RecordingContext of(PluginDescriptor descriptor, ManualTime time) {
        return new RecordingContext(descriptor, time, time, time, () -> {});
    }

    /** Creates the context of a plugin on real time. */
    public static RecordingContext onRealTime(PluginDescriptor descriptor) {
        SystemScheduler scheduler =
                new SystemScheduler("lynx-" + descriptor.id() + "-timer", Thread::startVirtualThread);
        return new RecordingContext(descriptor, Ticker.system(), scheduler, InstantSource.system(), scheduler::close);
    }

    /** Sets the record of every section of that type. */
    public RecordingContext config(Record config) {
        configs.put(config.getClass(), config);
        return this;
    }

    /** Returns the listeners that the plugin has registered. */
    public List<TrafficListener> trafficListeners() {
        return plugin.trafficListeners();
    }

    /** Returns what a scrape of all that was measured shows now, in the text format. */
    public String scrape() {
        return MeasuredValues.text(metrics.registry());
    }

    /** Returns the lines of {@link #scrape} that begin with a text. */
    public List<String> scrapedLines(String beginning) {
        return scrape().lines().filter(line -> line.startsWith(beginning)).toList();
    }

    /**
     * Closes what the plugin owns, as its stop does. The next start of the plugin finds the context as in a container: new, on the
     * same services.
     *
     * @throws IllegalStateException if something could not be closed or a thread does not end; the failures are suppressed on it
     */
    public void stop() {
        List<Throwable> problems = plugin.close(Deadline.after(CLOSE, ticker));
        plugin = new DetachedPlugin(descriptor, services, tracing);
        if (!problems.isEmpty()) {
            IllegalStateException failed =
                    new IllegalStateException("plugin '" + id() + "': could not be closed: " + problems.getFirst());
            problems.forEach(failed::addSuppressed);
            throw failed;
        }
    }

    /** Closes what the plugin owns as {@link #stop} does, and then the services. */
    @Override
    public void close() {
        try {
            stop();
        } finally {
            recovery.close();
            health.close();
            events.close();
            closeTime.run();
        }
    }

    private PluginContext context() {
        return plugin.context();
    }

    @Override
    public String id() {
        return context().id();
    }

    @Override
    public <T extends Record> T config(Class<T> type) {
        return context().config(type);
    }

    @Override
    public <T extends Record> T config(ConfigSection<T> section) {
        return context().config(section);
    }

    @Override
    public List<String> profiles() {
        return context().profiles();
    }

    @Override
    public <T extends Record> Registration onReload(Class<T> type, Consumer<T> change, String... keys) {
        return context().onReload(type, change, keys);
    }

    @Override
    public EventBuses events() {
        return context().events();
    }

    @Override
    public CircuitBreakers breakers() {
        return context().breakers();
    }

    @Override
    public PluginErrorRecovery recovery() {
        return context().recovery();
    }

    @Override
    public ProductionMetrics metrics() {
        return context().metrics();
    }

    @Override
    public Registration metricSource(String name, MetricSource source) {
        return context().metricSource(name, source);
    }

    @Override
    public JsonCodec json() {
        return context().json();
    }

    @Override
    public Ticker ticker() {
        return context().ticker();
    }

    @Override
    public InstantSource clock() {
        return context().clock();
    }

    @Override
    public Registration schedule(String name, Schedule schedule, Job job) {
        return context().schedule(name, schedule, job);
    }

    @Override
    public Leadership leadership(String name) {
        return context().leadership(name);
    }

    @Override
    public Leadership leadership(String name, String backend) {
        return context().leadership(name, backend);
    }

    @Override
    public Scheduler scheduler() {
        return context().scheduler();
    }

    @Override
    public ThreadFactory threads() {
        return context().threads();
    }

    @Override
    public <T extends AutoCloseable> T own(T resource) {
        return context().own(resource);
    }

    @Override
    public <T> Registration share(ResourceKey<T> key, T value) {
        return context().share(key, value);
    }

    @Override
    public <T> T resource(ResourceKey<T> key) {
        return context().resource(key);
    }

    @Override
    public <T> Optional<T> findResource(ResourceKey<T> key) {
        return context().findResource(key);
    }

    @Override
    public Registration healthCheck(String name, HealthCheckOptions options, HealthCheck check) {
        return context().healthCheck(name, options, check);
    }

    @Override
    public Registration page(String name, PageSource source) {
        return context().page(name, source);
    }

    @Override
    public Registration panel(String name, PageSource source) {
        return context().panel(name, source);
    }

    @Override
    public Registration traffic(TrafficListener listener) {
        return context().traffic(listener);
    }
}
