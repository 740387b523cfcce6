package io.lynx.container;

import io.lynx.config.ConfigSection;
import io.lynx.event.EventBuses;
import io.lynx.event.Subscription;
import io.lynx.extension.Registration;
import io.lynx.extension.ResourceKey;
import io.lynx.extension.UserCode;
import io.lynx.health.HealthCheck;
import io.lynx.health.HealthCheckOptions;
import io.lynx.job.Job;
import io.lynx.job.Schedule;
import io.lynx.metrics.MetricSource;
import io.lynx.metrics.ProductionMetrics;
import io.lynx.page.PageSource;
import io.lynx.page.PluginPage;
import io.lynx.plugin.AcceptedWork;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.plugin.PluginErrorRecovery;
import io.lynx.plugin.PluginStatus;
import io.lynx.plugin.TrafficListener;
import io.lynx.resilience.CircuitBreakers;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/*
 * Closing goes in this order:
 *
 *   1. what others see of the plugin is removed: health checks, pages, panels; a stop then finishes accepted work and calls
 *      the plugin's stop
 *   2. subscriptions are drained; handlers may still use the whole context
 *   3. the context takes nothing more; timers are cancelled, threads interrupted and given a moment
 *   4. owned resources are closed in reverse; they may use threads to do so
 *   5. no thread can be started any more, shared names are released, threads are waited for
 */

/** What one start of a plugin has opened and registered. Thread-safe. */
final class PluginScope implements PluginContext {
    /** What interrupted threads get to end by themselves before what they may be using is closed. */
    private static final Duration THREADS_GRACE = Duration.ofMillis(100);

    /** What they get after that, before they are reported as left behind. */
    private static final Duration THREADS_LAST_GRACE = Duration.ofMillis(400);

    private static final Pattern JOB_NAME = Pattern.compile("(?=.{1,100}$)[a-z][a-z0-9]*([._-][a-z0-9]+)*");

    private final PluginDescriptor descriptor;
    private final PluginServices services;
    private final PluginServices.Settings settings;
    private final SharedResources shared;
    private final PluginThreads threads;
    private final PluginTimers timers;
    private final EventBuses events;
    private final PluginErrorRecovery recovery;
    private final JobReports jobReports;
    private final Owned visible = new Owned();
    private final Owned owned = new Owned();
    private final Owned offered = new Owned();
    private final List<GuardedListener> traffic = new CopyOnWriteArrayList<>();
    private volatile boolean starting = true;
    private volatile boolean closed;

    PluginScope(
            PluginDescriptor descriptor,
            PluginServices services,
            SharedResources shared,
            Supplier<PluginStatus> status,
            Thread.UncaughtExceptionHandler onThreadDeath) {
        this.descriptor = descriptor;
        this.services = services;
        this.settings = services.settings().starting(descriptor);
        this.shared = shared;
        this.threads = new PluginThreads(descriptor.id(), onThreadDeath);
        this.timers = new PluginTimers(descriptor.id(), services.scheduler(), threads);
        this.jobReports = new JobReports(status, services);
        this.recovery = new OwnedErrorRecovery(services.recovery(), this);
        this.events = new OwnedEventBuses(services.events(), this);
    }

    @Override
    public String id() {
        return descriptor.id();
    }

    @Override
    public <T extends Record> T config(Class<T> type) {
        for (ConfigSection<?> section : descriptor.sections()) {
            if (section.type() == type) {
                return type.cast(config(section));
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
    public EventBuses events() {
        return events;
    }

    @Override
    public CircuitBreakers breakers() {
        return services.breakers();
    }

    @Override
    public ProductionMetrics metrics() {
        return services.metrics();
    }

    @Override
    public PluginErrorRecovery recovery() {
        return recovery;
    }

    @Override
    public Registration metricSource(String name, MetricSource source) {
        requireOpen("register the metric source '" + name + "'");
        Registration registration = services.metrics().registry().source(name, source);
        return register(owned, registration, "register the metric source '" + name + "'");
    }

    @Override
    public Ticker ticker() {
        return services.ticker();
    }

    @Override
    public Scheduler scheduler() {
        return timers;
    }

    @Override
    public InstantSource clock() {
        return services.clock();
    }

    @Override
    public Registration schedule(String name, Schedule schedule, Job job) {
        String what = "schedule the job '" + name + "'";
        requireOpen(what);
        if (!JOB_NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("job: '" + name + "' (plugin " + id()
                    + ") is not a name; write lower-case letters and digits in parts joined by single dots, dashes or"
                    + " underscores, at most 100 characters");
        }
        Registration reserved = register(offered, shared.reserveJob(id(), name), what);
        ScheduledJob scheduled = new ScheduledJob(
                name, schedule, job, services, threads::newThread, jobReports, RandomGenerator.getDefault());
        Registration owner = register(owned, scheduled, what);
        scheduled.begin();
        return () -> {
            owner.close();
            reserved.close();
        };
    }

    @Override
    public ThreadFactory threads() {
        return threads;
    }

    @Override
    public <T extends AutoCloseable> T own(T resource) {
        if (owned.add(resource)) {
            return resource;
        }
        IllegalStateException late = closedException("own a resource; it was closed at once");
        boolean _ = UserCode.run(resource::close, late::addSuppressed);
        throw late;
    }

    @Override
    public <T> Registration share(ResourceKey<T> key, T value) {
        requireOpen("share '" + key.name() + "'");
        return register(offered, shared.share(id(), key, value), "share '" + key.name() + "'");
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
        requireOpen(what);
        return register(visible, services.health().register(id(), name, options, check), what);
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
        requireOpen(what);
        return register(visible, services.pages().add(page), what);
    }

    /** Owns a registration that has just been made. */
    Registration ownRegistration(Registration added, String what) {
        return register(owned, added, what);
    }

    /** Owns what has just been registered, or undoes it if the plugin has stopped meanwhile. */
    private Registration register(Owned owner, AutoCloseable added, String what) {
        Registration registration = owner.addRegistration(added);
        if (registration == null) {
            boolean _ = UserCode.run(added::close, _ -> {});
            throw closedException(what);
        }
        return registration;
    }

    @Override
    public Registration traffic(TrafficListener listener) {
        if (!starting) {
            throw new IllegalStateException(
                    "plugin '" + id() + "': registered a traffic listener outside of its start; do it in start");
        }
        GuardedListener guarded = new GuardedListener(listener, id(), services.deadlines());
        traffic.add(guarded);
        return () -> traffic.remove(guarded);
    }

    List<GuardedListener> trafficListeners() {
        return List.copyOf(traffic);
    }

    int liveThreadCount() {
        return threads.count();
    }

    List<Thread> liveThreads() {
        return threads.alive();
    }

    void started() {
        starting = false;
    }

    /** Removes what others see of the plugin: its health checks, pages and panels. */
    void hide() {
        List<Throwable> _ = visible.close();
    }

    /** Removes everything that another start of the plugin would collide with; the rest is closed later. */
    void withdraw() {
        hide();
        List<Throwable> _ = offered.close();
    }

    /**
     * Makes the plugin's accepted work end, with half of the time until {@code deadline}.
     *
     * @return what went wrong
     */
    List<Throwable> finishAcceptedWork(Deadline deadline) {
        Deadline half = deadline.atMost(deadline.remaining().dividedBy(2));
        List<Throwable> failures = new ArrayList<>();
        for (AcceptedWork work : owned.all(AcceptedWork.class)) {
            boolean _ = UserCode.run(() -> work.finish(half), failures::add);
        }
        return failures;
    }

    /**
     * Closes everything; failures are collected, none stops the rest. Idempotent.
     *
     * @return what went wrong, and which threads are left behind
     */
    Leftovers close(Deadline deadline) {
        hide();
        int undelivered = drainSubscriptions(deadline);
        closed = true;
        starting = false;
        owned.seal();
        timers.close();
        threads.interrupt();
        boolean interrupted = awaitThreads(deadline.atMost(THREADS_GRACE));
        List<Throwable> failures = owned.close();
        threads.close();
        List<Throwable> _ = offered.close();
        interrupted |= awaitThreads(deadline.atMost(THREADS_LAST_GRACE));
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return new Leftovers(
                undelivered,
                failures,
                threads.alive().stream().map(Thread::getName).toList());
    }

    /** What a close could not put right. */
    record Leftovers(int undelivered, List<Throwable> failures, List<String> threads) {
        static final Leftovers NONE = new Leftovers(0, List.of(), List.of());
    }

    private int drainSubscriptions(Deadline deadline) {
        int undelivered = 0;
        for (Subscription subscription : owned.all(Subscription.class)) {
            undelivered += subscription
                    .close(deadline.atMost(deadline.remaining().dividedBy(2)))
                    .count();
        }
        return undelivered;
    }

    /** Waits with the interrupt flag cleared: a clean-up under interruption is still a clean-up. */
    private boolean awaitThreads(Deadline deadline) {
        boolean interrupted = Thread.interrupted();
        try {
            List<Thread> _ = threads.join(deadline);
        } catch (InterruptedException again) {
            interrupted = true;
        }
        return interrupted;
    }

    void requireOpen(String what) {
        if (closed) {
            throw closedException(what);
        }
    }

    private IllegalStateException closedException(String what) {
        return new IllegalStateException("plugin '" + id() + "': cannot " + what + " after it has stopped");
    }
}
