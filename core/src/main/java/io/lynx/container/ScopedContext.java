package io.lynx.container;

import io.lynx.config.ConfigSection;
import io.lynx.context.Tracing;
import io.lynx.event.EventBuses;
import io.lynx.extension.Registration;
import io.lynx.extension.ResourceKey;
import io.lynx.health.HealthCheck;
import io.lynx.health.HealthCheckOptions;
import io.lynx.job.Job;
import io.lynx.job.Schedule;
import io.lynx.json.JsonCodec;
import io.lynx.leadership.Leadership;
import io.lynx.metrics.MetricSource;
import io.lynx.metrics.ProductionMetrics;
import io.lynx.page.PageSource;
import io.lynx.page.PluginPage;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.plugin.PluginErrorRecovery;
import io.lynx.plugin.PluginStatus;
import io.lynx.plugin.TrafficListener;
import io.lynx.resilience.CircuitBreakers;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** The context of one start of a plugin: what is registered through it is owned by the scope of that start. Thread-safe. */
final class ScopedContext implements PluginContext {
    private static final Pattern JOB_NAME = Pattern.compile("(?=.{1,100}$)[a-z][a-z0-9]*([._-][a-z0-9]+)*");

    private final PluginDescriptor descriptor;
    private final PluginServices services;
    private final PluginServices.Settings settings;
    private final SharedResources shared;
    private final PluginScope scope;
    private final EventBuses events;
    private final CircuitBreakers breakers;
    private final PluginErrorRecovery recovery;
    private final JobReports jobReports;
    private final Candidacies candidacies;

    ScopedContext(
            PluginDescriptor descriptor,
            PluginServices services,
            SharedResources shared,
            PluginScope scope,
            Supplier<PluginStatus> status) {
        this.descriptor = descriptor;
        this.services = services;
        this.settings = services.settings().starting(descriptor);
        this.shared = shared;
        this.scope = scope;
        this.jobReports = new JobReports(status, services);
        this.candidacies = new Candidacies(scope, services, settings, shared, status);
        this.events = new OwnedEventBuses(services.events(), scope);
        this.breakers = services.breakers().withOwner(new OwnedBreakerOptions(scope)::own);
        this.recovery = new OwnedErrorRecovery(services.recovery(), scope);
    }

    @Override
    public String id() {
        return descriptor.id();
    }

    @Override
    public <T extends Record> T config(Class<T> type) {
        return config(section(type));
    }

    @SuppressWarnings("unchecked") // The type of a section is the class that it has.
    private <T extends Record> ConfigSection<T> section(Class<T> type) {
        for (ConfigSection<?> section : descriptor.sections()) {
            if (section.type() == type) {
                return (ConfigSection<T>) section;
            }
        }
        throw new IllegalArgumentException("plugin '" + id() + "': requested the configuration " + type.getName()
                + "; its descriptor has "
                + (descriptor.sections().isEmpty()
                        ? "no section"
                        : descriptor.sections().stream()
                                .map(section -> section.type().getName())
                                .toList()));
    }

    @Override
    public <T extends Record> T config(ConfigSection<T> section) {
        T bound = settings.find(section);
        if (bound == null) {
            throw new IllegalArgumentException("plugin '" + id() + "': requested the section '" + section.prefix()
                    + "' as " + section.type().getName() + ", which is not bound");
        }
        return bound;
    }

    @Override
    public List<String> profiles() {
        return services.settings().profiles();
    }

    @Override
    public <T extends Record> Registration onReload(Class<T> type, Consumer<T> change, String... keys) {
        ConfigSection<T> section = section(type);
        Set<String> full = new HashSet<>();
        for (String key : keys) {
            full.add(section.prefix() + "." + key);
        }
        return scope.own(services.settings().onReload(section, full, change), "reload " + section.prefix());
    }

    @Override
    public EventBuses events() {
        return events;
    }

    @Override
    public CircuitBreakers breakers() {
        return breakers;
    }

    @Override
    public ProductionMetrics metrics() {
        return services.metrics();
    }

    @Override
    public JsonCodec json() {
        return services.json();
    }

    @Override
    public PluginErrorRecovery recovery() {
        return recovery;
    }

    @Override
    public Registration metricSource(String name, MetricSource source) {
        scope.requireOpen("register the metric source '" + name + "'");
        Registration registration = services.metrics().registry().source(name, source);
        return scope.own(registration, "register the metric source '" + name + "'");
    }

    @Override
    public Ticker ticker() {
        return services.ticker();
    }

    @Override
    public Scheduler scheduler() {
        return scope.timers();
    }

    @Override
    public InstantSource clock() {
        return services.clock();
    }

    @Override
    public Registration schedule(String name, Schedule schedule, Job job) {
        String what = "schedule the job '" + name + "'";
        scope.requireOpen(what);
        if (!JOB_NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("job: '" + name + "' (plugin " + id()
                    + ") is not a name; write lower-case letters and digits in parts joined by single dots, dashes or"
                    + " underscores, at most 100 characters");
        }
        Registration reserved = scope.offer(shared.reserve("job", id(), name), what);
        ScheduledJob scheduled = new ScheduledJob(
                name,
                schedule,
                job,
                services,
                scope.threads()::newThread,
                jobReports,
                RandomGenerator.getDefault(),
                shared.find(Tracing.KEY, id()));
        Registration owner = scope.own(scheduled, what);
        scheduled.begin();
        return () -> {
            owner.close();
            reserved.close();
        };
    }

    @Override
    public Leadership leadership(String name) {
        return candidacies.begin(name, null);
    }

    @Override
    public Leadership leadership(String name, String backend) {
        return candidacies.begin(name, backend);
    }

    @Override
    public ThreadFactory threads() {
        return scope.threads();
    }

    @Override
    public <T extends AutoCloseable> T own(T resource) {
        return scope.own(resource);
    }

    @Override
    public <T> Registration share(ResourceKey<T> key, T value) {
        scope.requireOpen("share '" + key.name() + "'");
        return scope.offer(shared.share(id(), key, value), "share '" + key.name() + "'");
    }

    @Override
    public <T> T resource(ResourceKey<T> key) {
        T found = shared.find(key, id());
        if (found == null) {
            throw new IllegalStateException("shared resource '" + key.name() + "': requested by plugin '" + id()
                    + "' but no running plugin shares it; let its descriptor require the plugin that does");
        }
        return found;
    }

    @Override
    public <T> Optional<T> findResource(ResourceKey<T> key) {
        return Optional.ofNullable(shared.find(key, id()));
    }

    @Override
    public Registration healthCheck(String name, HealthCheckOptions options, HealthCheck check) {
        String what = "register the health check '" + name + "'";
        scope.requireOpen(what);
        return scope.show(services.health().register(id(), name, options, check), what);
    }

    @Override
    public Registration page(String name, PageSource source) {
        return show(new PluginPage(id(), name, PluginPage.Kind.PAGE, source), "add the page '" + name + "'");
    }

    @Override
    public Registration panel(String name, PageSource source) {
        return show(new PluginPage(id(), name, PluginPage.Kind.PANEL, source), "add the panel '" + name + "'");
    }

    private Registration show(PluginPage page, String what) {
        scope.requireOpen(what);
        return scope.show(services.pages().add(page), what);
    }

    @Override
    public Registration traffic(TrafficListener listener) {
        return scope.traffic(listener);
    }
}
