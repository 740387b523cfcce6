package io.lynx.testkit;

import io.lynx.health.Health;
import io.lynx.resilience.CircuitBreaker;
import java.time.Duration;

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

    /** Ends the faults of all plugins; calls that hang go on. */
    public void clear() {
        probes.allFaults().forEach(FaultPlan::clear);
    }
}
