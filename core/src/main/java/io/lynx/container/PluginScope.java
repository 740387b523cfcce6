package io.lynx.container;

import io.lynx.event.Subscription;
import io.lynx.event.Subscription.Undelivered;
import io.lynx.extension.Registration;
import io.lynx.extension.UserCode;
import io.lynx.plugin.AcceptedWork;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.plugin.PluginStatus;
import io.lynx.plugin.TrafficListener;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/*
 * Closing goes in this order:
 *
 *   1. what others see of the plugin is removed: health checks, pages, panels; a stop then finishes accepted work and calls
 *      the plugin's stop
 *   2. subscriptions are drained; handlers may still use the whole context
 *   3. the context takes nothing more; timers are cancelled, threads interrupted and given a moment
 *   4. owned resources are closed in reverse; they may use threads to do so
 *   5. no thread can be started any more, shared names and options of breakers are released, threads are waited for
 */

/** What one start of a plugin has opened and registered through its context, until it is closed. Thread-safe. */
final class PluginScope {
    /** The time in which interrupted threads may end before the resources that they may use are closed. */
    private static final Duration THREADS_GRACE = Duration.ofMillis(100);

    /** The time in which they may end after that, before they are reported as left behind. */
    private static final Duration THREADS_LAST_GRACE = Duration.ofMillis(400);

    private final String id;
    private final PluginServices services;
    private final PluginThreads threads;
    private final PluginTimers timers;
    private final PluginContext context;
    private final Owned visible = new Owned();
    private final Owned owned = new Owned();
    private final Owned offered = new Owned();
    private final List<GuardedListener> traffic = new CopyOnWriteArrayList<>();
    /** By subscription: one that is closed again has nothing queued any more. */
    private final Map<Subscription, Undelivered> undelivered = Collections.synchronizedMap(new IdentityHashMap<>());

    private volatile boolean starting = true;
    private volatile boolean closed;

    /** Receives what ends a thread of the plugin, on that thread. */
    @FunctionalInterface
    interface DeathHandler {
        void died(PluginScope scope, Thread thread, Throwable failure);
    }

    PluginScope(
            PluginDescriptor descriptor,
            PluginServices services,
            SharedResources shared,
            Supplier<PluginStatus> status,
            DeathHandler onThreadDeath) {
        this.id = descriptor.id();
        this.services = services;
        this.threads = new PluginThreads(id, (thread, failure) -> onThreadDeath.died(this, thread, failure));
        this.timers = new PluginTimers(id, services.deadlines(), threads);
        this.context = new ScopedContext(descriptor, services, shared, this, status);
    }

    String id() {
        return id;
    }

    /** Returns what the plugin receives for its start. */
    PluginContext context() {
        return context;
    }

    Ticker ticker() {
        return services.ticker();
    }

    PluginThreads threads() {
        return threads;
    }

    PluginTimers timers() {
        return timers;
    }

    /** Owns what others see of the plugin: it is removed before the plugin stops. */
    Registration show(Registration added, String what) {
        return register(visible, added, what);
    }

    /** Owns a registration that is removed after the plugin has stopped. */
    Registration own(AutoCloseable added, String what) {
        return register(owned, added, what);
    }

    /** Owns a registration that another start of the plugin would collide with: it is removed even if the stop hangs. */
    Registration offer(Registration added, String what) {
        return register(offered, added, what);
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

    /** Owns a resource that is closed after the plugin has stopped. */
    <T extends AutoCloseable> T own(T resource) {
        Runnable _ = ownUntilForgotten(resource);
        return resource;
    }

    /**
     * Owns a resource that is closed after the plugin has stopped, unless it ends before.
     *
     * @return forgets the resource
     */
    Runnable ownUntilForgotten(AutoCloseable resource) {
        Runnable forget = owned.add(resource);
        if (forget != null) {
            return forget;
        }
        IllegalStateException late = closedException("own a resource; it was closed at once");
        boolean _ = UserCode.run(resource::close, late::addSuppressed);
        throw late;
    }

    Registration traffic(TrafficListener listener) {
        if (!starting) {
            throw new IllegalStateException(
                    "plugin '" + id + "': registered a traffic listener outside of its start; do it in start");
        }
        GuardedListener guarded = new GuardedListener(listener, id, services.deadlines());
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
        List<Undelivered> left = drainSubscriptions(deadline);
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
                left, failures, threads.awaited().stream().map(Thread::getName).toList());
    }

    /** What a close could not put right. */
    record Leftovers(List<Undelivered> undelivered, List<Throwable> failures, List<String> threads) {
        static final Leftovers NONE = new Leftovers(List.of(), List.of(), List.of());
    }

    /** Closes the subscriptions, and returns what all of them had left when they were closed for the first time. */
    List<Undelivered> drainSubscriptions(Deadline deadline) {
        for (Subscription subscription : owned.all(Subscription.class)) {
            Undelivered left =
                    subscription.close(deadline.atMost(deadline.remaining().dividedBy(2)));
            if (!left.isEmpty()) {
                Undelivered _ = undelivered.putIfAbsent(subscription, left);
            }
        }
        synchronized (undelivered) {
            return List.copyOf(undelivered.values());
        }
    }

    /** Waits with the interrupt flag cleared: a clean-up under interruption is still a clean-up. */
    private boolean awaitThreads(Deadline deadline) {
        boolean interrupted = Thread.interrupted();
        try {
            threads.join(deadline);
        } catch (InterruptedException again) {
            interrupted = true;
        }
        return interrupted;
    }

    /** Returns whether its close has begun to interrupt threads. */
    boolean isClosed() {
        return closed;
    }

    void requireOpen(String what) {
        if (closed) {
            throw closedException(what);
        }
    }

    private IllegalStateException closedException(String what) {
        return new IllegalStateException("plugin '" + id + "': cannot " + what + " after it has stopped");
    }
}
