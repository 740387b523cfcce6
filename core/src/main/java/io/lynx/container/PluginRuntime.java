package io.lynx.container;

import io.lynx.context.Tracing;
import io.lynx.extension.UserCode;
import io.lynx.health.Health;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.plugin.PluginEvent;
import io.lynx.plugin.PluginOperation;
import io.lynx.plugin.PluginState;
import io.lynx.plugin.PluginStatus;
import io.lynx.time.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One plugin of an application while the application lives: its state, and the scope of its present start. The state is
 * one reference to an immutable value that changes by CAS; each change is published. Thread-safe.
 */
final class PluginRuntime {
    private static final Logger LOG = LoggerFactory.getLogger(PluginRuntime.class);

    private final Plugin plugin;
    private final PluginServices services;
    private final SharedResources shared;
    private final AtomicReference<PluginLife> life = new AtomicReference<>(PluginLife.NEW);
    private final PluginDescriptor descriptor;
    private final List<String> dependencies;
    private final OwnHealthCheck healthCheck;
    /** Held while the plugin cleans up after a failed start. */
    private final ReentrantLock cleanUp = new ReentrantLock();

    private volatile @Nullable PluginAttempt attempt;
    private volatile @Nullable PluginScope latest;

    PluginRuntime(
            Plugin plugin,
            PluginDescriptor descriptor,
            List<String> dependencies,
            PluginServices services,
            SharedResources shared) {
        this.plugin = plugin;
        this.descriptor = descriptor;
        this.dependencies = dependencies;
        this.services = services;
        this.shared = shared;
        this.healthCheck = new OwnHealthCheck(descriptor.id(), services.health(), this::health);
    }

    String id() {
        return descriptor.id();
    }

    PluginDescriptor descriptor() {
        return descriptor;
    }

    PluginState state() {
        return life.get().state();
    }

    @Nullable
    PluginScope scope() {
        return life.get().scope();
    }

    /** Returns whether it was started and has not been stopped since. */
    boolean isUp() {
        PluginLife now = life.get();
        return now.scope() != null && (now.state() == PluginState.RUNNING || now.state() == PluginState.FAILED);
    }

    /** Returns the number of its threads; a start or stop has one, which counts until it ends or is abandoned. */
    int threads() {
        PluginScope scope = life.get().scope();
        return (scope == null ? 0 : scope.liveThreadCount()) + (isBusy() ? 1 : 0);
    }

    /** Returns whether {@code thread} is one of its own. */
    boolean hasThread(Thread thread) {
        PluginScope scope = life.get().scope();
        return scope != null && scope.liveThreads().contains(thread);
    }

    private boolean isBusy() {
        PluginState now = state();
        return now == PluginState.STARTING || now == PluginState.STOPPING;
    }

    /**
     * Returns the start or stop that is in progress, with what its thread is doing now. One that is abandoned is in progress until the
     * state of the plugin says so.
     */
    Optional<PluginStop> inProgress() {
        PluginAttempt now = attempt;
        return now == null || now.isDone() || !isBusy()
                ? Optional.empty()
                : Optional.of(now.report(state(), now.stack()));
    }

    PluginStatus status() {
        return statusOf(life.get());
    }

    private PluginStatus statusOf(PluginLife now) {
        return new PluginStatus(
                descriptor,
                now.state(),
                dependencies,
                now.startTime(),
                now.stopTime(),
                Math.max(0, now.starts() - 1),
                now.failure());
    }

    /** Opens a new scope, goes to STARTING and returns the attempt to launch. */
    PluginAttempt beginStart(Duration allowed, Consumer<PluginAttempt> work) {
        PluginScope scope = new PluginScope(descriptor, services, shared, this::status, this::threadDied);
        latest = scope;
        PluginAttempt begun = new PluginAttempt(PluginOperation.START, this, scope, allowed, work);
        attempt = begun;
        change(now -> now.starting(scope));
        return begun;
    }

    /** Goes to STOPPING and returns the attempt to launch. */
    PluginAttempt beginStop(Duration allowed, Consumer<PluginAttempt> work) {
        PluginAttempt begun =
                new PluginAttempt(PluginOperation.STOP, this, Objects.requireNonNull(scope()), allowed, work);
        attempt = begun;
        change(now -> now.state(PluginState.STOPPING));
        healthCheck.hide();
        return begun;
    }

    /**
     * Calls the plugin's start, on the thread of its attempt.
     *
     * @param deadline by when it has to be started
     * @param patience how long to wait for the clean-up of an earlier start, which may still be calling the plugin
     * @return what it threw; null if it returned
     */
    @Nullable
    Throwable start(PluginScope scope, Deadline deadline, Deadline patience) {
        try {
            if (cleanUp.tryLock(patience.remainingNanos(), TimeUnit.NANOSECONDS)) {
                cleanUp.unlock();
            }
            Throwable failure = new LifecycleCall(plugin, scope.context(), deadline)
                    .result(descriptor.id(), shared.find(Tracing.KEY, descriptor.id()));
            if (failure == null) {
                scope.started();
            }
            return failure;
        } catch (Throwable failure) {
            return failure;
        }
    }

    /**
     * Calls the plugin's stop after a start that failed or came too late, unless it has been started again meanwhile: then a
     * stop would hit the later start.
     *
     * @return what it threw; null if nothing
     */
    @Nullable
    Throwable stopFailedStart(PluginScope scope, Deadline deadline) {
        cleanUp.lock();
        try {
            return latest == scope ? stop(deadline) : null;
        } finally {
            cleanUp.unlock();
        }
    }

    /** Calls the plugin's stop and returns what it threw; null if nothing. */
    @Nullable
    Throwable stop(Deadline deadline) {
        return new LifecycleCall(plugin, null, deadline)
                .result(descriptor.id(), shared.find(Tracing.KEY, descriptor.id()));
    }

    void change(UnaryOperator<PluginLife> step) {
        PluginLife before;
        PluginLife after;
        do {
            before = life.get();
            after = step.apply(before);
        } while (!life.compareAndSet(before, after));
        if (before.state() != after.state()) {
            services.notifier().publish(new PluginEvent.StateChanged(before.state(), statusOf(after)));
        }
    }

    /** Goes to RUNNING, and on to FAILED if a thread of it has died meanwhile. */
    void started(Duration took) {
        change(now -> now.running(took));
        Throwable died = life.get().failure();
        if (died != null) {
            change(now -> now.state() == PluginState.RUNNING ? now.failed(died) : now);
        }
    }

    /** Registers the plugin's own health check, which runs at once. The stop of a plugin has removed it. */
    void showHealth() {
        healthCheck.show(() -> state() != PluginState.STOPPING);
    }

    private Health health() throws Exception {
        PluginLife now = life.get();
        return switch (now.state()) {
            case RUNNING -> plugin.health();
            case FAILED, ABANDONED ->
                now.failure() == null
                        ? Health.down("it is " + now.state().name().toLowerCase(Locale.ROOT))
                        : Health.down(now.failure());
            case NEW, STARTING, STOPPING, STOPPED ->
                Health.down("it is " + now.state().name().toLowerCase(Locale.ROOT));
        };
    }

    /**
     * Handles an exception that has ended a thread of the plugin. It counts only while the start that the thread belongs to is
     * the present one, and while nothing has begun to end that.
     */
    private void threadDied(PluginScope scope, Thread thread, Throwable failure) {
        reportIfFatal(failure);
        change(now -> now.isThatOf(scope) ? now.threadDied(failure) : now);
        PluginLife now = life.get();
        if (!now.isThatOf(scope)) {
            LOG.atWarn()
                    .addKeyValue("plugin", id())
                    .addKeyValue("thread", thread.getName())
                    .setCause(UserCode.loggable(failure))
                    .log(
                            "Uncaught exception in a thread of a plugin, of an earlier start or of one that is ending; the plugin is"
                                    + " not affected");
            return;
        }
        if (now.state() == PluginState.FAILED) {
            healthCheck.show(() -> life.get().isThatOf(scope));
        }
        services.notifier().publish(new PluginEvent.ThreadDied(statusOf(now), thread.getName(), failure));
    }

    /** Publishes a failure after which the virtual machine cannot be trusted any more. */
    void reportIfFatal(@Nullable Throwable failure) {
        if (failure != null && UserCode.isFatal(failure)) {
            services.notifier().publish(new PluginEvent.VirtualMachineFailed(status(), failure));
        }
    }
}
