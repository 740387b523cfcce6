package io.lynx.testkit;

import io.lynx.config.Binding;
import io.lynx.config.ConfigSection;
import io.lynx.event.Events;
import io.lynx.extension.Registration;
import io.lynx.extension.ResourceKey;
import io.lynx.health.HealthCheck;
import io.lynx.health.HealthCheckOptions;
import io.lynx.job.Job;
import io.lynx.job.Schedule;
import io.lynx.json.JsonCodec;
import io.lynx.metrics.Exposition;
import io.lynx.metrics.MetricSource;
import io.lynx.metrics.ProductionMetrics;
import io.lynx.page.PageSource;
import io.lynx.page.PluginPage;
import io.lynx.page.PluginPages;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginErrorRecovery;
import io.lynx.plugin.TrafficListener;
import io.lynx.recovery.ErrorRecoveryManager;
import io.lynx.resilience.CircuitBreakerConfig;
import io.lynx.resilience.CircuitBreakers;
import io.lynx.time.Scheduler;
import io.lynx.time.SystemScheduler;
import io.lynx.time.Ticker;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;

/**
 * A context to start a plugin in without an application: gives it what a test has put in, keeps what it registers, and
 * closes what it owns, in reverse, when the context is closed. Thread-safe.
 */
public final class RecordingContext implements PluginContext, AutoCloseable {
    private final String id;
    private final Ticker ticker;
    private final Scheduler scheduler;
    private final ThreadFactory threads;
    private final Events events;
    private final CircuitBreakers breakers;
    private final ProductionMetrics metrics = ProductionMetrics.builder().build();
    private final Map<Class<?>, Record> configs = new ConcurrentHashMap<>();
    private final Map<String, Object> resources = new ConcurrentHashMap<>();
    private final Map<String, HealthCheck> healthChecks = new ConcurrentHashMap<>();
    private final Map<String, Job> jobs = new ConcurrentHashMap<>();
    private final ErrorRecoveryManager recovery;
    private final PluginPages pages = new PluginPages();
    private final List<TrafficListener> traffic = new CopyOnWriteArrayList<>();
    private final Deque<AutoCloseable> owned = new ConcurrentLinkedDeque<>();

    /** A context of the plugin {@code id} on manual time. */
    public RecordingContext(String id, ManualTime time) {
        this(id, time, time);
    }

    /** A context of the plugin {@code id} on real time. */
    public static RecordingContext onRealTime(String id) {
        SystemScheduler scheduler = new SystemScheduler("lynx-" + id + "-timer", Thread::startVirtualThread);
        RecordingContext context = new RecordingContext(id, Ticker.system(), scheduler);
        context.owned.push(scheduler);
        return context;
    }

    /** A context of the plugin {@code id}. */
    public RecordingContext(String id, Ticker ticker, Scheduler scheduler) {
        this.id = id;
        this.ticker = ticker;
        this.scheduler = scheduler;
        this.events = Events.builder().ticker(ticker).scheduler(scheduler).build();
        this.breakers = CircuitBreakers.builder(CircuitBreakerConfig.defaults())
                .ticker(ticker)
                .build();
        owned.push(events);
        this.recovery = ErrorRecoveryManager.builder()
                .ticker(ticker)
                .scheduler(scheduler)
                .build();
        owned.push(recovery);
        this.threads = Thread.ofVirtual().name("lynx-" + id + "-", 1).factory();
    }

    /** Answers this record where its type is asked for; without it the type's defaults are. */
    public RecordingContext config(Record config) {
        configs.put(config.getClass(), config);
        return this;
    }

    /** The listeners that the plugin has registered. */
    public List<TrafficListener> trafficListeners() {
        return List.copyOf(traffic);
    }

    /** What a scrape of all that was measured shows just now, in the text format. */
    public String scrape() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            Exposition.text().write(metrics.registry().scrape(), out);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    /** The lines of {@link #scrape} that begin so. */
    public List<String> scrapedLines(String beginning) {
        return scrape().lines().filter(line -> line.startsWith(beginning)).toList();
    }

    /** The health checks that the plugin has registered, by name. */
    public Map<String, HealthCheck> healthChecks() {
        return Map.copyOf(healthChecks);
    }

    /**
     * Closes what the plugin owns, the last first.
     *
     * @throws Exception the first failure; later ones are suppressed on it
     */
    @Override
    public void close() throws Exception {
        Exception first = null;
        for (AutoCloseable next = owned.poll(); next != null; next = owned.poll()) {
            try {
                next.close();
            } catch (Exception failure) {
                if (first == null) {
                    first = failure;
                } else {
                    first.addSuppressed(failure);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public <T extends Record> T config(Class<T> type) {
        return type.cast(configs.computeIfAbsent(type, _ -> Binding.defaults(type)));
    }

    @Override
    public <T extends Record> T config(ConfigSection<T> section) {
        return config(section.type());
    }

    @Override
    public Events events() {
        return events;
    }

    @Override
    public CircuitBreakers breakers() {
        return breakers;
    }

    @Override
    public ProductionMetrics metrics() {
        return metrics;
    }

    @Override
    public JsonCodec json() {
        return JsonCodec.installed();
    }

    @Override
    public Ticker ticker() {
        return ticker;
    }

    @Override
    public Scheduler scheduler() {
        return scheduler;
    }

    @Override
    public InstantSource clock() {
        return InstantSource.system();
    }

    @Override
    public Registration schedule(String name, Schedule schedule, Job job) {
        if (jobs.putIfAbsent(name, job) != null) {
            throw new IllegalStateException("job '" + name + "': scheduled twice; a name has one owner");
        }
        return register(() -> jobs.remove(name, job));
    }

    /** Returns the jobs that the plugin has scheduled, by name. They do not run here; a test runs them itself. */
    public Map<String, Job> jobs() {
        return Map.copyOf(jobs);
    }

    @Override
    public ThreadFactory threads() {
        return threads;
    }

    @Override
    public <T extends AutoCloseable> T own(T resource) {
        owned.push(resource);
        return resource;
    }

    @Override
    public <T> Registration share(ResourceKey<T> key, T value) {
        resources.put(key.name(), value);
        return register(() -> resources.remove(key.name(), value));
    }

    @Override
    public <T> T resource(ResourceKey<T> key) {
        return findResource(key)
                .orElseThrow(
                        () -> new IllegalStateException("shared resource '" + key.name() + "': the test shares none"));
    }

    @Override
    public <T> Optional<T> findResource(ResourceKey<T> key) {
        return Optional.ofNullable(resources.get(key.name())).map(key.type()::cast);
    }

    @Override
    public PluginErrorRecovery recovery() {
        return new RecordingRecovery(id, recovery, this::register);
    }

    /** Returns the recovery manager that the plugin records errors in and registers strategies with. */
    public ErrorRecoveryManager recoveryManager() {
        return recovery;
    }

    @Override
    public Registration metricSource(String name, MetricSource source) {
        return register(metrics.registry().source(name, source));
    }

    @Override
    public Registration healthCheck(String name, HealthCheckOptions options, HealthCheck check) {
        healthChecks.put(name, check);
        return register(() -> healthChecks.remove(name, check));
    }

    @Override
    public Registration page(String name, PageSource source) {
        return register(pages.add(new PluginPage(id, name, PluginPage.Kind.PAGE, source)));
    }

    @Override
    public Registration panel(String name, PageSource source) {
        return register(pages.add(new PluginPage(id, name, PluginPage.Kind.PANEL, source)));
    }

    @Override
    public Registration traffic(TrafficListener listener) {
        traffic.add(listener);
        return register(() -> traffic.remove(listener));
    }

    private Registration register(Registration registration) {
        owned.push(registration);
        return registration;
    }

    /** Returns the pages and panels that the plugin has added. */
    public List<PluginPage> pages() {
        return pages.all();
    }
}
