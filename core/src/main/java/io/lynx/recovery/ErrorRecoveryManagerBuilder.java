package io.lynx.recovery;

import io.lynx.health.HealthMonitor;
import io.lynx.resilience.CircuitBreakerConfig;
import io.lynx.resilience.CircuitBreakers;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Builds an {@link ErrorRecoveryManager}. Everything has a default. Not thread-safe. */
public final class ErrorRecoveryManagerBuilder {
    ErrorRecoveryConfig config = ErrorRecoveryConfig.DEFAULTS;
    Ticker ticker = Ticker.system();
    InstantSource clock = InstantSource.system();

    @Nullable
    Scheduler scheduler;

    ThreadFactory threads = Thread.ofVirtual().name("lynx-recovery-", 0).factory();
    ErrorClassifier classifier = ErrorClassifier.standard();
    CircuitBreakerConfig breakerConfig = CircuitBreakerConfig.defaults();

    @Nullable
    CircuitBreakers breakers;

    @Nullable
    HealthMonitor health;

    RecoveryObserver observer = RecoveryObserver.NONE;
    Restarter restarter = Restarter.NONE;
    Predicate<String> required = _ -> false;
    Consumer<? super String> onShutdown = _ -> {};
    String environment = "";
    String version = "";
    final List<Consumer<? super RecoveryEvent>> listeners = new ArrayList<>();

    ErrorRecoveryManagerBuilder() {}

    /** Thresholds, windows, limits; the defaults of {@code lynx.error_recovery} unless set. */
    public ErrorRecoveryManagerBuilder config(ErrorRecoveryConfig recovery) {
        this.config = recovery;
        return this;
    }

    /** The clock of windows and timeouts; the JVM's unless set. */
    public ErrorRecoveryManagerBuilder ticker(Ticker monotonic) {
        this.ticker = monotonic;
        return this;
    }

    /** The clock of timestamps; the system's unless set. */
    public ErrorRecoveryManagerBuilder clock(InstantSource wallClock) {
        this.clock = wallClock;
        return this;
    }

    /** Ends what takes too long; on the same clock as the ticker. One of its own unless set. */
    public ErrorRecoveryManagerBuilder scheduler(Scheduler timer) {
        this.scheduler = timer;
        return this;
    }

    /** Makes the threads of recoveries and listeners; virtual ones unless set. */
    public ErrorRecoveryManagerBuilder threads(ThreadFactory factory) {
        this.threads = factory;
        return this;
    }

    /** Says what exceptions mean; the built-in table unless set. */
    public ErrorRecoveryManagerBuilder classifier(ErrorClassifier rules) {
        this.classifier = rules;
        return this;
    }

    /** The configuration of the recovery breakers, one for each error type; unless set, their defaults. */
    public ErrorRecoveryManagerBuilder circuitBreaker(CircuitBreakerConfig configuration) {
        this.breakerConfig = configuration;
        return this;
    }

    /** The recovery breakers themselves, in place of some of its own; named by error type. All of them count for health. */
    public ErrorRecoveryManagerBuilder circuitBreakers(CircuitBreakers byErrorType) {
        this.breakers = byErrorType;
        return this;
    }

    /** Whose checks are asked again when they fail, and shown in the health report; none unless set. */
    public ErrorRecoveryManagerBuilder health(HealthMonitor monitor) {
        this.health = monitor;
        return this;
    }

    /** Restarts components; nothing is restarted unless set. */
    public ErrorRecoveryManagerBuilder restarter(Restarter lifecycle) {
        this.restarter = lifecycle;
        return this;
    }

    /** Which components the application cannot do without, beside those that were registered as such. */
    public ErrorRecoveryManagerBuilder required(Predicate<String> component) {
        this.required = component;
        return this;
    }

    /** Stops the application, when a component is given up and {@code on_exhausted} is {@code shutdown}. */
    public ErrorRecoveryManagerBuilder onShutdown(Consumer<? super String> stop) {
        this.onShutdown = stop;
        return this;
    }

    /** Where the application runs, for error records. */
    public ErrorRecoveryManagerBuilder environment(String name) {
        this.environment = name;
        return this;
    }

    /** The application's version, for error records. */
    public ErrorRecoveryManagerBuilder version(String applicationVersion) {
        this.version = applicationVersion;
        return this;
    }

    /** Counts what happens, as it happens; nobody does unless set. */
    public ErrorRecoveryManagerBuilder observer(RecoveryObserver counter) {
        this.observer = new GuardedObserver(counter);
        return this;
    }

    /** Tells {@code listener} of every event. */
    public ErrorRecoveryManagerBuilder listener(Consumer<? super RecoveryEvent> listener) {
        listeners.add(listener);
        return this;
    }

    /** The manager. */
    public ErrorRecoveryManager build() {
        return new ErrorRecoveryManager(this);
    }
}
