package io.lynx.health;

import io.lynx.extension.Notifier;
import io.lynx.extension.Registration;
import io.lynx.health.HealthCheckOptions.Group;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Runs health checks in the background and publishes their results as a {@link HealthSnapshot}. Thread-safe.
 *
 * <p>Each check runs independently, one run at a time: as soon as it is registered, then every interval, shortened by up to
 * 10 % so that checks drift apart, and three times as often while it fails. A run that exceeds its timeout is interrupted and
 * counts as a failure; a check that ignores the interrupt holds one thread and is not run again until it returns. The first
 * result decides at once; after it, thresholds count consecutive results. Anything that a check throws makes it DOWN.
 *
 * <p>Timing and counting run on the scheduler's threads and never wait for a check.
 *
 * <p>Two built-in checks are in {@link Group#LIVENESS}: {@value #DEADLOCK} and {@value #HEARTBEAT}. {@value #OVERLOAD} is in
 * {@link Group#READINESS}.
 */
public final class HealthMonitor implements AutoCloseable {
    /** The check for platform threads that wait for each other; it first runs 2 s after the start. */
    public static final String DEADLOCK = "lynx.deadlock";

    /** The check that the scheduler runs tasks that are due. */
    public static final String HEARTBEAT = "lynx.heartbeat";

    /** The check of {@code lynx.health_check.overload_after}; registered while that is set and there is a {@link #overloadSource source}. */
    public static final String OVERLOAD = "lynx.overload";

    /** The plugin id of the built-in checks. */
    public static final String OWN_PLUGIN = "lynx";

    /** The maximum number of registered checks. */
    public static final int MAX_CHECKS = 10_000;

    /** The deadlock check loads the management classes, which would slow the start of a service down. */
    private static final Duration DEADLOCK_DELAY = Duration.ofSeconds(2);

    private static final Duration HEARTBEAT_INTERVAL = Duration.ofSeconds(10);

    private final Notifier<HealthEvent> notifier;
    private final SnapshotPublisher publisher;
    private final CheckRuntime runtime;
    private final CheckRegistry registry;
    private final Heartbeat heartbeat;
    private final OverloadCheck overload = new OverloadCheck(this);
    private @Nullable ScheduledCheck overloadCheck;

    private HealthMonitor(Builder builder) {
        this.notifier = new Notifier<>(builder.ticker);
        this.publisher = new SnapshotPublisher(builder.ticker, notifier);
        this.runtime = new CheckRuntime(
                builder.scheduler, builder.ticker, builder.clock, builder.executor, builder.random, publisher);
        this.registry = new CheckRegistry(runtime, builder.config);
        this.heartbeat = new Heartbeat(runtime);
    }

    /**
     * Returns a builder.
     *
     * @param config the configuration of checks
     * @param scheduler runs the timer's tasks, which are short and never block
     * @param ticker measures ages and durations
     * @param executor runs checks, which may block and hang: a new virtual thread for each task
     */
    public static Builder builder(HealthCheckConfig config, Scheduler scheduler, Ticker ticker, Executor executor) {
        return new Builder(config, scheduler, ticker, executor);
    }

    /** Collects the parts of a monitor. Not thread-safe. */
    public static final class Builder {
        private final HealthCheckConfig config;
        private final Scheduler scheduler;
        private final Ticker ticker;
        private final Executor executor;
        private InstantSource clock = InstantSource.system();
        private RandomGenerator random = new Random();

        private Builder(HealthCheckConfig config, Scheduler scheduler, Ticker ticker, Executor executor) {
            this.config = config;
            this.scheduler = scheduler;
            this.ticker = ticker;
            this.executor = executor;
        }

        /** Sets the clock of the results' time stamps; the system's clock unless set. */
        public Builder clock(InstantSource clock) {
            this.clock = clock;
            return this;
        }

        /** Sets the source of jitter; must be thread-safe. */
        public Builder random(RandomGenerator random) {
            this.random = random;
            return this;
        }

        /** Returns the monitor; it runs nothing before {@link HealthMonitor#start}. */
        public HealthMonitor build() {
            return new HealthMonitor(this);
        }
    }

    /** Starts running the checks, including those that are registered later. Idempotent. */
    public void start() {
        if (!registry.start()) {
            return;
        }
        var _ = notifier.add("health log", new HealthLog());
        heartbeat.start();
        HealthCheckOptions own = HealthCheckOptions.defaults().internal().withGroups(Group.LIVENESS);
        // On the scheduler's thread, so that the process is not restarted because virtual threads are busy.
        var _ = registry.add(OWN_PLUGIN, DEADLOCK, own, new DeadlockCheck(), Runnable::run, DEADLOCK_DELAY);
        var _ = registry.add(
                OWN_PLUGIN, HEARTBEAT, own.withInterval(HEARTBEAT_INTERVAL), heartbeat, Runnable::run, Duration.ZERO);
        publisher.publishChanges();
    }

    /**
     * Adds a check of a plugin, and runs it at once if the monitor has started.
     *
     * @param plugin the id of the plugin that it belongs to
     * @param name unique in this monitor; lower-case letters and digits in parts joined by single dots, dashes or
     *     underscores, at most 100 characters
     * @return removes the check; a run in progress is then interrupted, and its result is dropped
     * @throws IllegalArgumentException if the name is not valid or taken, the check is in {@link Group#LIVENESS} without
     *     being {@link HealthCheckOptions#internal}, or there are {@value #MAX_CHECKS} checks already
     * @throws IllegalStateException if the monitor is closed
     */
    public Registration register(String plugin, String name, HealthCheckOptions options, HealthCheck check) {
        ScheduledCheck added = registry.add(plugin, name, options, check, runtime.executor(), Duration.ZERO);
        publisher.publishChanges();
        return () -> remove(added);
    }

    /** Adds a check of the framework's own that is short and never blocks; it runs on the scheduler's thread. */
    ScheduledCheck addOwn(String plugin, String name, HealthCheckOptions options, HealthCheck check) {
        ScheduledCheck added = registry.add(plugin, name, options, check, Runnable::run, Duration.ZERO);
        publisher.publishChanges();
        return added;
    }

    void remove(ScheduledCheck check) {
        if (registry.remove(check)) {
            publisher.publishChanges();
        }
    }

    /**
     * Adds a condition of readiness, which is met until its owner calls {@link ReadinessCondition#notMet}.
     *
     * @param plugin the id of the plugin that it belongs to
     * @param name unique among conditions and checks, of the form that {@link #register} describes
     * @throws IllegalArgumentException if the name is not valid or taken
     * @throws IllegalStateException if the monitor is closed
     */
    public ReadinessCondition condition(String plugin, String name) {
        return new ReadinessCondition(this, plugin, name);
    }

    /**
     * Adds a source of the number of requests that a listener has rejected because its limit of requests in flight was
     * reached. If that number keeps growing for {@code lynx.health_check.overload_after}, the instance is not ready.
     *
     * @param rejections returns the total so far; called about once a second, must not block
     */
    public Registration overloadSource(LongSupplier rejections) {
        Registration source = overload.add(rejections);
        watchOverload();
        return source;
    }

    /** Registers or removes the overload check, which wakes the scheduler once a second. */
    private void watchOverload() {
        synchronized (overload) {
            boolean isWanted = overload.hasSources() && config().overloadAfter().orNull() != null;
            if (isWanted && overloadCheck == null) {
                HealthCheckOptions options = HealthCheckOptions.defaults()
                        .internal()
                        .withInterval(OverloadCheck.INTERVAL)
                        .withThresholds(1, 1);
                overloadCheck = addOwn(OWN_PLUGIN, OVERLOAD, options, overload);
            } else if (!isWanted && overloadCheck != null) {
                remove(overloadCheck);
                overloadCheck = null;
            }
        }
    }

    /**
     * Enables or disables a check, whatever the configuration says; one that is enabled starts without results.
     *
     * @return whether there is a check of that name
     */
    public boolean enable(String name, boolean enabled) {
        ScheduledCheck check = registry.find(name);
        if (check != null) {
            check.enable(enabled);
            publisher.publishChanges();
        }
        return check != null;
    }

    /**
     * Changes the configuration of all checks, present and future, at once.
     *
     * @throws IllegalArgumentException if it does not fit one of the checks; nothing has changed then
     */
    public void apply(HealthCheckConfig changed) {
        registry.apply(changed);
        watchOverload();
        publisher.publishChanges();
    }

    /**
     * Returns a check that runs the one called {@code name} now, or after a run in progress, and waits for its result, which
     * counts like any other. There is still one run at a time. It is interruptible, and throws if the check is removed or
     * disabled meanwhile.
     *
     * @return empty if there is no such check
     */
    public Optional<HealthCheck> probe(String name) {
        return Optional.ofNullable(registry.find(name)).map(check -> check::probe);
    }

    /**
     * Runs the check called {@code name} as soon as possible instead of at its next time, for when there is evidence that its result has
     * changed. Does not wait; does nothing if there is no such check, or it does not run now.
     */
    public void runSoon(String name) {
        ScheduledCheck check = registry.find(name);
        if (check != null) {
            check.runSoon();
        }
    }

    /** Moves the application to a later phase; a step back changes nothing. */
    public void enter(HealthSnapshot.Phase phase) {
        publisher.enter(phase);
    }

    /** Returns the current health. Never waits, runs no check, and allocates nothing unless a result has just become too old. */
    public HealthSnapshot snapshot() {
        return publisher.snapshot();
    }

    /**
     * Waits until each check that could make the instance not ready has had its first result.
     *
     * @param alarms ends the wait at the deadline; its tasks are short
     * @return whether that happened before the deadline
     * @throws InterruptedException if interrupted while waiting
     */
    public boolean awaitFirstResults(Deadline deadline, Scheduler alarms) throws InterruptedException {
        return publisher.awaitFirstResults(deadline, alarms);
    }

    /**
     * Adds a consumer of events. It is called without a lock, on a thread of a check or of the scheduler, and should be
     * short. Changes arrive one at a time and in order; a change that reverts while consumers are busy may be left out, the
     * last state never is. {@link HealthEvent.CheckRan} arrives for every run, from several threads.
     *
     * @param name identifies the consumer in the log
     * @return removes it
     */
    public Registration addListener(String name, Consumer<? super HealthEvent> consumer) {
        return notifier.add(name, consumer);
    }

    /** Stops all checks; runs in progress are interrupted. The last snapshot remains. Idempotent. */
    @Override
    public void close() {
        runtime.close();
        publisher.freeze();
        heartbeat.stop();
        registry.close();
    }

    HealthCheckConfig config() {
        return registry.config();
    }

    long now() {
        return runtime.now();
    }
}
