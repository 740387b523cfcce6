package io.lynx.health;

import io.lynx.health.HealthCheckOptions.Criticality;
import io.lynx.health.HealthCheckOptions.Group;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import io.lynx.time.Scheduler.Scheduled;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs health checks in the background and publishes what they find as a {@link HealthSnapshot}. Thread-safe.
 *
 * <p>Each check runs by itself, one run at a time: at once when it is registered, then every interval, shortened by up to
 * 10 % so that checks drift apart, and three times as often while it fails. A run that outlives its timeout is
 * interrupted and counts as a failure; a check that ignores that holds the one thread and is not run again until it comes
 * back. The first result decides at once; after it, thresholds count results in a row. What a check throws, errors
 * included, makes it DOWN.
 *
 * <p>Two checks of its own are in {@link Group#LIVENESS}: {@value #DEADLOCK} and {@value #HEARTBEAT}.
 */
public final class HealthMonitor implements AutoCloseable {
    /** The check for threads that wait for each other for ever; it first runs 2 s after the start. */
    public static final String DEADLOCK = "lynx.deadlock";

    /** The check that the scheduler still runs what is due. */
    public static final String HEARTBEAT = "lynx.heartbeat";

    /** The plugin that the monitor's own checks are listed under. */
    public static final String OWN_PLUGIN = "lynx";

    /** How many checks may be registered at a time. */
    public static final int MAX_CHECKS = 10_000;

    private static final int MAX_NAME_LENGTH = 100;
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*([._-][a-z0-9]+)*");
    /** It loads the management classes, which the start of a service should not pay for. */
    private static final Duration DEADLOCK_DELAY = Duration.ofSeconds(2);

    private static final Duration HEARTBEAT_INTERVAL = Duration.ofSeconds(10);
    private static final Logger log = LoggerFactory.getLogger(HealthMonitor.class);

    private final Scheduler scheduler;
    private final Ticker ticker;
    private final InstantSource clock;
    private final Executor executor;
    private final RandomGenerator random;

    private final Map<String, ScheduledCheck> checks = new ConcurrentHashMap<>();
    private final AtomicReference<HealthSnapshot> snapshot = new AtomicReference<>(HealthSnapshot.empty());
    private final ChangeNotifier notifier = new ChangeNotifier(this::snapshot);
    private final Heartbeat heartbeat = new Heartbeat(this, notifier::changed);

    /** Serialises registering, starting and closing; never held while a check runs or a listener is told. */
    private final ReentrantLock admission = new ReentrantLock();

    private final ReentrantLock firstResultsLock = new ReentrantLock();
    private final Condition firstResults = firstResultsLock.newCondition();
    private volatile boolean firstResultsAwaited;

    private volatile HealthSettings settings;
    private volatile boolean isStarted;
    private volatile boolean isClosed;

    private HealthMonitor(Builder builder) {
        this.settings = builder.settings;
        this.scheduler = builder.scheduler;
        this.ticker = builder.ticker;
        this.executor = builder.executor;
        this.clock = builder.clock;
        this.random = builder.random;
    }

    /**
     * Begins a monitor.
     *
     * @param settings how checks are run where their options say nothing
     * @param scheduler says when; its tasks must not be run by the thread that schedules them
     * @param ticker measures ages and durations
     * @param executor runs checks, which may block and hang: a new virtual thread for each
     */
    public static Builder builder(HealthSettings settings, Scheduler scheduler, Ticker ticker, Executor executor) {
        return new Builder(settings, scheduler, ticker, executor);
    }

    /** Collects what a monitor works with. Not thread-safe. */
    public static final class Builder {
        private final HealthSettings settings;
        private final Scheduler scheduler;
        private final Ticker ticker;
        private final Executor executor;
        private InstantSource clock = InstantSource.system();
        private RandomGenerator random = new Random();

        private Builder(HealthSettings settings, Scheduler scheduler, Ticker ticker, Executor executor) {
            this.settings = settings;
            this.scheduler = scheduler;
            this.ticker = ticker;
            this.executor = executor;
        }

        /** Tells the time that results are stamped with; the system's clock if not set. */
        public Builder clock(InstantSource clock) {
            this.clock = clock;
            return this;
        }

        /** Decides how much waits are shortened; must be thread-safe. */
        public Builder random(RandomGenerator random) {
            this.random = random;
            return this;
        }

        /** The monitor; nothing runs before {@link HealthMonitor#start}. */
        public HealthMonitor build() {
            return new HealthMonitor(this);
        }
    }

    /** Starts to run what is registered, and what will be. Idempotent. */
    public void start() {
        admission.lock();
        try {
            if (isStarted || isClosed) {
                return;
            }
            isStarted = true;
            heartbeat.start();
            checks.values().forEach(check -> check.activate(true, Duration.ZERO));
        } finally {
            admission.unlock();
        }
        HealthCheckOptions own = HealthCheckOptions.defaults()
                .groups(Group.LIVENESS)
                .criticality(Criticality.CRITICAL)
                .internal();
        ScheduledCheck _ = register(OWN_PLUGIN, DEADLOCK, own, new DeadlockCheck(), DEADLOCK_DELAY);
        ScheduledCheck _ = register(OWN_PLUGIN, HEARTBEAT, own.interval(HEARTBEAT_INTERVAL), heartbeat, Duration.ZERO);
    }

    /**
     * Adds a check of a plugin, and runs it at once if the monitor has started.
     *
     * @param plugin the id of the plugin that it belongs to
     * @param name unique here; lower-case letters and digits in parts joined by single dots, dashes or underscores, at
     *     most 100 characters
     * @throws IllegalArgumentException if the name is not legal or taken, the check is in {@link Group#LIVENESS} without
     *     being {@link HealthCheckOptions#internal}, or there are {@value #MAX_CHECKS} already
     * @throws IllegalStateException if the monitor is closed
     */
    public void register(String plugin, String name, HealthCheckOptions options, HealthCheck check) {
        ScheduledCheck _ = register(plugin, name, options, check, Duration.ZERO);
    }

    /**
     * Adds a check as {@link #register} does.
     *
     * @return removes this check, and no later one of the same name; may be run any number of times
     */
    public Runnable registerRemovable(String plugin, String name, HealthCheckOptions options, HealthCheck check) {
        ScheduledCheck added = register(plugin, name, options, check, Duration.ZERO);
        return () -> {
            if (removeOne(added)) {
                notifier.changed();
            }
        };
    }

    private ScheduledCheck register(
            String plugin, String name, HealthCheckOptions options, HealthCheck check, Duration firstDelay) {
        String subject = "health check: '" + name + "' (plugin " + plugin + "); ";
        if (name.length() > MAX_NAME_LENGTH || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    subject
                            + "lower-case letters and digits in parts joined by single dots, dashes or underscores, starting with a letter, at most 100 characters");
        }
        admission.lock();
        try {
            if (isClosed) {
                throw new IllegalStateException(subject + "the monitor is closed");
            }
            ScheduledCheck holder = checks.get(name);
            if (holder != null) {
                throw new IllegalArgumentException(subject + "the name is taken by plugin " + holder.plugin());
            }
            if (checks.size() >= MAX_CHECKS) {
                throw new IllegalArgumentException(subject + "there are " + MAX_CHECKS + " already, which is the most");
            }
            ScheduledCheck added = new ScheduledCheck(this, plugin, name, options, check, settings);
            checks.put(name, added);
            added.activate(isStarted, firstDelay);
            return added;
        } finally {
            admission.unlock();
            notifier.changed();
        }
    }

    /**
     * Removes a check; a run that is under way is interrupted, and its result is dropped.
     *
     * @return whether there was one of that name
     */
    public boolean remove(String name) {
        ScheduledCheck check = checks.get(name);
        boolean found = check != null && removeOne(check);
        notifier.changed();
        return found;
    }

    /**
     * Removes all checks of a plugin, as {@link #remove} does.
     *
     * @return how many there were
     */
    public int removePlugin(String plugin) {
        int removed = 0;
        for (ScheduledCheck check : checks.values()) {
            if (check.plugin().equals(plugin) && removeOne(check)) {
                removed++;
            }
        }
        notifier.changed();
        return removed;
    }

    private boolean removeOne(ScheduledCheck check) {
        admission.lock();
        try {
            if (checks.get(check.name()) != check) {
                return false;
            }
            check.retire();
            return checks.remove(check.name(), check);
        } finally {
            admission.unlock();
        }
    }

    /**
     * Has a check run and count, or not, whatever the settings say about that; one that is enabled starts afresh.
     *
     * @return whether there is one of that name
     */
    public boolean enable(String name, boolean enabled) {
        ScheduledCheck check = checks.get(name);
        if (check != null) {
            check.enable(enabled);
            notifier.changed();
        }
        return check != null;
    }

    /**
     * Changes the settings of all checks, present and future, at once.
     *
     * @throws IllegalArgumentException if they do not fit one of the checks; nothing is changed then
     */
    public void apply(HealthSettings changed) {
        admission.lock();
        try {
            Map<ScheduledCheck, CheckPlan> plans = new LinkedHashMap<>();
            checks.values().forEach(check -> plans.put(check, check.planUnder(changed)));
            settings = changed;
            plans.forEach(ScheduledCheck::follow);
        } finally {
            admission.unlock();
        }
        notifier.changed();
    }

    /**
     * A way to ask a check again: it has the one called {@code name} run now, or joins a run that is under way, and waits
     * for what it finds, which counts like any other result. Still one run at a time. Interruptible; it throws when the check
     * is removed or turned off meanwhile.
     *
     * @return empty if there is no such check
     */
    public Optional<HealthCheck> probe(String name) {
        return Optional.ofNullable(checks.get(name)).map(check -> check::ask);
    }

    /** The application is further in its life; a step back changes nothing. */
    public void enter(HealthSnapshot.Phase phase) {
        snapshot.updateAndGet(current -> current.in(phase));
        notifier.changed();
    }

    /** How everything stands now. Never waits, runs no check, and allocates nothing unless a result has just gone stale. */
    public HealthSnapshot snapshot() {
        HealthSnapshot current = Objects.requireNonNull(snapshot.get());
        if (isClosed) {
            return current;
        }
        HealthSnapshot judged = current.judged(ticker.nanos());
        if (judged != current) {
            // Kept, so that the next read has nothing to do; if another was published meanwhile, that one is newer.
            boolean _ = snapshot.compareAndSet(current, judged);
        }
        return judged;
    }

    /**
     * Waits until each check that could make the application unready has had its first result.
     *
     * @return whether that came about before the deadline
     * @throws InterruptedException if interrupted while waiting
     */
    public boolean awaitFirstResults(Deadline deadline) throws InterruptedException {
        firstResultsLock.lockInterruptibly();
        try {
            firstResultsAwaited = true;
            while (snapshot().isPending()) {
                long left = deadline.remainingNanos();
                if (left <= 0) {
                    return false;
                }
                long _ = firstResults.awaitNanos(left);
            }
            return true;
        } finally {
            firstResultsLock.unlock();
        }
    }

    /** Has {@code listener} hear of what happens from now on. */
    public void addListener(HealthListener listener) {
        notifier.add(listener);
    }

    /** Has {@code listener} hear no more. */
    public void removeListener(HealthListener listener) {
        notifier.remove(listener);
    }

    /** Runs nothing any more; what runs is interrupted. The last snapshot stays as it is. Idempotent. */
    @Override
    public void close() {
        admission.lock();
        try {
            isClosed = true;
            heartbeat.stop();
            checks.values().forEach(ScheduledCheck::halt);
        } finally {
            admission.unlock();
        }
    }

    // What follows is for the checks.

    long now() {
        return ticker.nanos();
    }

    Instant instant() {
        return clock.instant();
    }

    double random() {
        return random.nextDouble();
    }

    void execute(Runnable run) {
        executor.execute(run);
    }

    /** Null if the scheduler takes no more: what should have come then goes stale, which is what it is. */
    @Nullable
    Scheduled schedule(Duration delay, Runnable task) {
        try {
            return scheduler.after(delay, task);
        } catch (RejectedExecutionException refused) {
            if (!isClosed) {
                log.atWarn().setCause(refused).log("health: the scheduler takes no more tasks; results go stale");
            }
            return null;
        }
    }

    void publish(CheckReport report, long staleAt) {
        long now = ticker.nanos();
        snapshot.updateAndGet(current -> current.with(report, staleAt).judged(now));
        wakeAwaiting();
    }

    void withdraw(String name) {
        snapshot.updateAndGet(current -> current.without(name));
        wakeAwaiting();
    }

    private void wakeAwaiting() {
        if (firstResultsAwaited) {
            firstResultsLock.lock();
            try {
                firstResults.signalAll();
            } finally {
                firstResultsLock.unlock();
            }
        }
    }

    void told(HealthEvent.CheckRan ran) {
        notifier.tell(ran);
        notifier.changed();
    }
}
