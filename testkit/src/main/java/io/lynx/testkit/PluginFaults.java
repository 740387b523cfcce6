package io.lynx.testkit;

import io.lynx.health.Health;
import io.lynx.resilience.CircuitBreaker;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Injects faults into the application of a test. Faults of plugins may be set before the start and take effect at the next call;
 * they last until {@link #clear} or the end of the test. Thread-safe.
 *
 * <p>To replace a whole plugin, use {@link LynxTest.Builder#replace}.
 */
public final class PluginFaults {
    private final LynxTest test;
    private final PluginProbes probes;
    private final TestTime time;
    private final Map<String, Delay> delays = new ConcurrentHashMap<>();

    private record Delay(Duration duration, CompletableFuture<Void> end) {}

    PluginFaults(LynxTest test, PluginProbes probes, TestTime time) {
        this.test = test;
        this.probes = probes;
        this.time = time;
    }

    /** Makes the start of a plugin throw. */
    public PluginFaults failStart(String plugin, Throwable failure) {
        probes.faults(plugin).fail(FaultPlan.Point.START, failure);
        return this;
    }

    /** Makes the start of a plugin hang until it is interrupted. */
    public PluginFaults hangStart(String plugin) {
        probes.faults(plugin).hang(FaultPlan.Point.START, false);
        return this;
    }

    /**
     * Makes the start of a plugin slow: the plugin itself starts after this time. On manual time, the start of the application moves
     * the time.
     */
    public PluginFaults delayStart(String plugin, Duration delay) {
        probes.faults(plugin).delay(FaultPlan.Point.START, delay);
        return this;
    }

    /** Makes the stop of a plugin throw before the plugin itself is stopped. */
    public PluginFaults failStop(String plugin, Throwable failure) {
        probes.faults(plugin).fail(FaultPlan.Point.STOP, failure);
        return this;
    }

    /** Makes the stop of a plugin hang until the fault is over, whatever interrupts it. */
    public PluginFaults hangStop(String plugin) {
        probes.faults(plugin).hang(FaultPlan.Point.STOP, true);
        return this;
    }

    /** Makes the stop of a plugin slow, as {@link #delayStart} does its start. */
    public PluginFaults delayStop(String plugin, Duration delay) {
        probes.faults(plugin).delay(FaultPlan.Point.STOP, delay);
        return this;
    }

    /** Makes the health check of a plugin report this. */
    public PluginFaults health(String plugin, Health health) {
        probes.faults(plugin).health(health);
        return this;
    }

    /** Makes the health check of a plugin throw. */
    public PluginFaults failHealth(String plugin, Throwable failure) {
        probes.faults(plugin).fail(FaultPlan.Point.HEALTH, failure);
        return this;
    }

    /** Makes the health check of a plugin hang until it is interrupted. */
    public PluginFaults hangHealth(String plugin) {
        probes.faults(plugin).hang(FaultPlan.Point.HEALTH, false);
        return this;
    }

    /** Makes the health check of a plugin slow: it runs after this time, of the application. */
    public PluginFaults delayHealth(String plugin, Duration delay) {
        probes.faults(plugin).delay(FaultPlan.Point.HEALTH, delay);
        return this;
    }

    /**
     * Delays everything that passes {@link #at} with this name by a duration of the application's time: a route, through an
     * interceptor that the test adds, or a fake of a dependency.
     */
    public PluginFaults delay(String point, Duration delay) {
        Delay before = delays.put(point, new Delay(delay, new CompletableFuture<>()));
        if (before != null) {
            before.end().complete(null);
        }
        return this;
    }

    /**
     * Passes a point of the test's own code: waits if there is a {@link #delay} of that name, and else returns at once.
     *
     * @throws InterruptedException if it is interrupted while it waits
     */
    public void at(String point) throws InterruptedException {
        Delay delay = delays.get(point);
        if (delay != null) {
            time.pause(delay.duration(), delay.end());
        }
    }

    /** Opens a circuit breaker until {@link #closeBreaker} or its own {@code reset}; calls through it are rejected. */
    public PluginFaults openBreaker(String name) {
        breaker(name).forceOpen();
        return this;
    }

    /** Closes a circuit breaker that was opened. */
    public PluginFaults closeBreaker(String name) {
        breaker(name).reset();
        return this;
    }

    private CircuitBreaker breaker(String name) {
        return test.application().breakers().get(name);
    }

    /** Moves the wall clock of the application, as an operator or a time server may; the monotonic clock does not move. */
    public PluginFaults jumpWallClock(Duration by) {
        time.jump(by);
        return this;
    }

    /** Ends the faults of all plugins and the delays; calls that hang or are delayed go on. */
    public void clear() {
        probes.allFaults().forEach(FaultPlan::clear);
        delays.values().forEach(delay -> delay.end().complete(null));
        delays.clear();
    }
}
