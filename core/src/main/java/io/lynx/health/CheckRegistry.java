package io.lynx.health;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The checks of one monitor by name, and the configuration that they follow. Thread-safe. */
final class CheckRegistry {
    private static final int MAX_NAME_LENGTH = 100;
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*([._-][a-z0-9]+)*");

    private final CheckRuntime runtime;
    private final Map<String, ScheduledCheck> checks = new ConcurrentHashMap<>();
    /** Serialises changes of the registry; never held while a check runs or an event is published. */
    private final ReentrantLock lock = new ReentrantLock();

    private volatile HealthCheckConfig config;
    private boolean isStarted;
    private boolean isClosed;

    CheckRegistry(CheckRuntime runtime, HealthCheckConfig config) {
        this.runtime = runtime;
        this.config = config;
    }

    HealthCheckConfig config() {
        return config;
    }

    @Nullable
    ScheduledCheck find(String name) {
        return checks.get(name);
    }

    /** Adds a check that runs on {@code executor}, first after {@code firstDelay}. */
    ScheduledCheck add(
            String plugin,
            String name,
            HealthCheckOptions options,
            HealthCheck check,
            Executor executor,
            Duration firstDelay) {
        String subject = "health check '" + name + "' (plugin " + plugin + ")";
        if (name.length() > MAX_NAME_LENGTH || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(subject
                    + ": not a valid name; allowed are lower-case letters and digits in parts joined by single dots,"
                    + " dashes or underscores, starting with a letter, at most "
                    + MAX_NAME_LENGTH + " characters");
        }
        lock.lock();
        try {
            if (isClosed) {
                throw new IllegalStateException(subject + ": the health monitor is closed");
            }
            ScheduledCheck holder = checks.get(name);
            if (holder != null) {
                throw new IllegalArgumentException(subject + ": the name is taken by a check of plugin "
                        + holder.definition().plugin());
            }
            if (checks.size() >= HealthMonitor.MAX_CHECKS) {
                throw new IllegalArgumentException(
                        subject + ": there are " + HealthMonitor.MAX_CHECKS + " checks already, which is the maximum");
            }
            ScheduledCheck added =
                    new ScheduledCheck(runtime, new CheckDefinition(plugin, name, options, check, executor), config);
            checks.put(name, added);
            added.activate(isStarted, firstDelay);
            return added;
        } finally {
            lock.unlock();
        }
    }

    /** Removes this check, and no other of the same name. */
    boolean remove(ScheduledCheck check) {
        lock.lock();
        try {
            if (checks.get(check.definition().name()) != check) {
                return false;
            }
            check.retire();
            return checks.remove(check.definition().name(), check);
        } finally {
            lock.unlock();
        }
    }

    /** Runs what is registered; returns false if the registry was started before or is closed. */
    boolean start() {
        lock.lock();
        try {
            if (isStarted || isClosed) {
                return false;
            }
            isStarted = true;
            checks.values().forEach(check -> check.activate(true, Duration.ZERO));
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Changes the configuration of all checks at once.
     *
     * @throws IllegalArgumentException if it does not fit one of the checks; nothing has changed then
     */
    void apply(HealthCheckConfig changed) {
        lock.lock();
        try {
            Map<ScheduledCheck, CheckPlan> plans = new LinkedHashMap<>();
            checks.values().forEach(check -> plans.put(check, check.definition().planUnder(changed)));
            config = changed;
            plans.forEach(ScheduledCheck::follow);
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            isClosed = true;
            checks.values().forEach(ScheduledCheck::halt);
        } finally {
            lock.unlock();
        }
    }
}
