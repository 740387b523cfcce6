package io.lynx.container;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.config.ConfigSection;
import io.lynx.event.Events;
import io.lynx.event.Subscription;
import io.lynx.health.HealthCheck;
import io.lynx.health.HealthCheckOptions;
import io.lynx.metrics.ProductionMetrics;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.plugin.ResourceKey;
import io.lynx.plugin.TrafficListener;
import io.lynx.resilience.CircuitBreakers;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * What one start of a plugin has opened, and the way in which it is closed again. Closing goes: subscriptions
 * to events drained, no new anything, timers cancelled, threads interrupted and given a moment, owned resources closed in
 * reverse (they may use threads to do so), no new threads, shared names freed, threads waited for. What is handed over after that is closed at once. Thread-safe.
 */
final class PluginScope implements PluginContext {
    /** What interrupted threads get to end by themselves before what they may be using is closed under them. */
    private static final Duration THREADS_GRACE = Duration.ofMillis(100);

    /** What they get after that, before they are named as left behind. */
    private static final Duration THREADS_LAST_GRACE = Duration.ofMillis(400);

    private final PluginDescriptor descriptor;
    private final PluginServices services;
    private final PluginServices.Settings settings;
    private final SharedResources shared;
    private final PluginThreads threads;
    private final Set<Timer> timers = ConcurrentHashMap.newKeySet();
    private final Object lock = new Object();

    @GuardedBy("lock")
    private final Deque<AutoCloseable> owned = new ArrayDeque<>();

    @GuardedBy("lock")
    private final List<Runnable> healthChecks = new ArrayList<>();

    @GuardedBy("lock")
    private final List<TrafficListener> traffic = new ArrayList<>();

    @GuardedBy("lock")
    private boolean starting = true;

    @GuardedBy("lock")
    private boolean closed;

    PluginScope(
            PluginDescriptor descriptor,
            PluginServices services,
            SharedResources shared,
            Thread.UncaughtExceptionHandler onThreadDeath) {
        this.descriptor = descriptor;
        this.services = services;
        this.settings = services.settings().starting(descriptor);
        this.shared = shared;
        this.threads = new PluginThreads(descriptor.id(), onThreadDeath);
    }

    @Override
    public String id() {
        return descriptor.id();
    }

    @Override
    public <T extends Record> T config(Class<T> type) {
        ConfigSection<?> section = descriptor.section();
        if (section == null || section.type() != type) {
            throw new IllegalArgumentException("plugin '" + id() + "': asked for the configuration " + type.getName()
                    + (section == null
                            ? "; its descriptor names no section"
                            : "; its descriptor names " + section.type().getName()));
        }
        return type.cast(config(section));
    }

    @Override
    public <T extends Record> T config(ConfigSection<T> section) {
        T bound = settings.find(section);
        if (bound == null) {
            throw new IllegalArgumentException("plugin '" + id() + "': asked for the section '" + section.prefix()
                    + "' as " + section.type().getName() + ", which nobody binds");
        }
        return bound;
    }

    @Override
    public Events events() {
        return services.events();
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
    public Ticker ticker() {
        return services.ticker();
    }

    @Override
    public Scheduler scheduler() {
        return this::schedule;
    }

    private Scheduler.Scheduled schedule(Duration delay, Runnable task) {
        requireOpen("schedule a task");
        Timer timer = new Timer(task);
        timers.add(timer);
        timer.handle = services.scheduler().after(delay, timer);
        if (isClosed()) {
            timer.cancel();
        }
        return timer;
    }

    /** A scheduled task that leaves the scope's books when it runs or is cancelled. */
    private final class Timer implements Runnable, Scheduler.Scheduled {
        private final Runnable task;
        private volatile Scheduler.@Nullable Scheduled handle;

        Timer(Runnable task) {
            this.task = task;
        }

        @Override
        public void run() {
            if (timers.remove(this)) {
                threads.newThread(task).start();
            }
        }

        @Override
        public boolean cancel() {
            boolean kept = timers.remove(this);
            Scheduler.Scheduled scheduled = handle;
            if (scheduled != null) {
                boolean _ = scheduled.cancel();
            }
            return kept;
        }
    }

    @Override
    public ThreadFactory threads() {
        return threads;
    }

    @Override
    public <T extends AutoCloseable> T own(T resource) {
        synchronized (lock) {
            if (!closed) {
                owned.push(resource);
                return resource;
            }
        }
        IllegalStateException late = closedException("own a resource; it was closed at once");
        try {
            resource.close();
        } catch (Exception failure) {
            late.addSuppressed(failure);
        }
        throw late;
    }

    @Override
    public <T> void share(ResourceKey<T> key, T value) {
        synchronized (lock) {
            if (!closed) {
                shared.share(id(), key, value);
                return;
            }
        }
        throw closedException("share '" + key.name() + "'");
    }

    @Override
    public <T> T resource(ResourceKey<T> key) {
        T found = shared.find(key, id());
        if (found == null) {
            throw new IllegalStateException("shared resource '" + key.name() + "': asked for by plugin '" + id()
                    + "' but no running plugin shares it; let its descriptor require the plugin that does");
        }
        return found;
    }

    @Override
    public <T> Optional<T> findResource(ResourceKey<T> key) {
        return Optional.ofNullable(shared.find(key, id()));
    }

    @Override
    public void healthCheck(String name, HealthCheckOptions options, HealthCheck check) {
        requireOpen("register the health check '" + name + "'");
        Runnable removal = services.health().register(id(), name, options, check);
        synchronized (lock) {
            if (!closed) {
                healthChecks.add(removal);
                return;
            }
        }
        removal.run();
    }

    @Override
    public void traffic(TrafficListener listener) {
        synchronized (lock) {
            if (!starting) {
                throw new IllegalStateException("plugin '" + id() + "': registered the traffic listener '"
                        + listener.name() + "' outside of its start; do it in start");
            }
            traffic.add(listener);
        }
    }

    List<TrafficListener> trafficListeners() {
        synchronized (lock) {
            return List.copyOf(traffic);
        }
    }

    int liveThreadCount() {
        return threads.count();
    }

    List<Thread> liveThreads() {
        return threads.alive();
    }

    void started() {
        synchronized (lock) {
            starting = false;
        }
    }

    /** Takes the plugin's checks away: how it is does not count any more. */
    void stopHealthChecks() {
        List<Runnable> removals;
        synchronized (lock) {
            removals = List.copyOf(healthChecks);
            healthChecks.clear();
        }
        removals.forEach(Runnable::run);
    }

    /**
     * Closes everything; failures are collected, none stops the rest. Idempotent.
     *
     * @return what went wrong, and which threads are left behind
     */
    Leftovers close(Deadline deadline) {
        stopHealthChecks();
        int undelivered = drainSubscriptions(deadline);
        synchronized (lock) {
            closed = true;
            starting = false;
        }
        timers.forEach(Timer::cancel);
        threads.interrupt();
        boolean interrupted = awaitThreads(deadline.atMost(THREADS_GRACE));
        List<Throwable> failures = closeOwned();
        threads.close();
        shared.removeAllOf(id());
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

    /** Handlers are still served by the whole context, timers and all; what does not get through by the deadline is counted. */
    private int drainSubscriptions(Deadline deadline) {
        List<Subscription> subscriptions = new ArrayList<>();
        synchronized (lock) {
            for (AutoCloseable resource : owned) {
                if (resource instanceof Subscription subscription) {
                    subscriptions.add(subscription);
                }
            }
        }
        int undelivered = 0;
        for (Subscription subscription : subscriptions) {
            undelivered += subscription
                    .close(deadline.atMost(deadline.remaining().dividedBy(2)))
                    .count();
        }
        return undelivered;
    }

    /** Waits with the interrupt flag taken down: a clean-up under interruption is still a clean-up. */
    private boolean awaitThreads(Deadline deadline) {
        boolean interrupted = Thread.interrupted();
        try {
            List<Thread> _ = threads.join(deadline);
        } catch (InterruptedException again) {
            interrupted = true;
        }
        return interrupted;
    }

    private List<Throwable> closeOwned() {
        List<Throwable> failures = new ArrayList<>();
        for (AutoCloseable resource = nextOwned(); resource != null; resource = nextOwned()) {
            try {
                resource.close();
            } catch (Throwable failure) {
                failures.add(failure);
            }
        }
        return failures;
    }

    private @Nullable AutoCloseable nextOwned() {
        synchronized (lock) {
            return owned.poll();
        }
    }

    private boolean isClosed() {
        synchronized (lock) {
            return closed;
        }
    }

    private void requireOpen(String what) {
        if (isClosed()) {
            throw closedException(what);
        }
    }

    private IllegalStateException closedException(String what) {
        return new IllegalStateException("plugin '" + id() + "': cannot " + what + " after it has stopped");
    }
}
