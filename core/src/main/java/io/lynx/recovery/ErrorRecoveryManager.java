package io.lynx.recovery;

import io.lynx.context.Tracing;
import io.lynx.extension.Registration;
import io.lynx.extension.ResourceKey;
import io.lynx.health.Health;
import io.lynx.health.HealthMonitor;
import io.lynx.recovery.ErrorStats.HealthReport;
import io.lynx.recovery.run.RecoveryEngine;
import io.lynx.resilience.CircuitBreakerConfig;
import io.lynx.resilience.CircuitBreakers;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Counts errors, keeps the most recent ones, and recovers the components that they happen to.
 *
 * <p>Recording never blocks, never throws and recovers nothing on the calling thread. Errors are counted by type and by
 * fingerprint; the first ten of a fingerprint a minute and then one in a hundred are recorded in full; all are offered to
 * the recovery of their component, of which one runs at a time. Every recorded error is either in the history or counted
 * as sampled out; see {@link #totals}.
 *
 * <p>Thread-safe. It starts no thread before the first error that needs one. After {@link #close} errors are still counted
 * and recorded, but nothing is recovered.
 */
public interface ErrorRecoveryManager extends AutoCloseable {
    /** The key under which every application shares its manager. */
    ResourceKey<ErrorRecoveryManager> KEY = ResourceKey.of("lynx.recovery", ErrorRecoveryManager.class);

    /** Returns a builder with the default configuration. */
    static Builder builder() {
        return new Builder();
    }

    /** Returns the same manager in a form that cannot be closed, to be shared with code that does not own it. */
    ErrorRecoveryManager shared();

    /**
     * Applies the threshold, the recovery timeout and the quarantine settings of {@code changed}, from the next health
     * report, recovery and quarantine on. Its other values are ignored: sizes and windows cannot change.
     */
    void apply(ErrorRecoveryConfig changed);

    /**
     * Records an error. Its category is the one that its type names, or else {@link ErrorCategory#SYSTEM}. Never throws.
     *
     * @param errorType the name that it is counted under; at most 256 names are distinguished, besides those for which a
     *     strategy is registered
     * @param message what happened; kept up to 1 KiB
     * @param component the component that it happened to; the id of a plugin if recovery may restart it
     * @param severity {@link ErrorSeverity#MEDIUM} if null
     * @param context further values; copied and bounded, with secrets masked
     */
    void recordError(
            @Nullable String errorType,
            @Nullable String message,
            @Nullable String component,
            @Nullable ErrorSeverity severity,
            @Nullable Map<String, ?> context);

    /** Records an exception, classified by the rules and the table. Never throws. */
    void recordError(@Nullable String component, @Nullable Throwable throwable);

    /** Records an error as {@code report} describes it. One that is classified as REJECTED is only counted. Never throws. */
    void recordError(ErrorReport report);

    /** Returns the classifier of this manager. */
    ErrorClassifier classifier();

    /**
     * Registers a strategy for an error type; one of the same name for the same type is replaced. It is tried before the
     * default chain. Registering resets no circuit breaker.
     *
     * @return removes it
     */
    Registration registerRecoveryStrategy(String errorType, RecoveryStrategy strategy);

    /**
     * Registers a strategy for the errors of a category whose type has none.
     *
     * @return removes it
     */
    Registration registerRecoveryStrategy(ErrorCategory category, RecoveryStrategy strategy);

    /**
     * Registers a strategy for an error type of one component. It takes precedence over those of the type.
     *
     * @return removes it
     */
    Registration registerRecoveryStrategy(String component, String errorType, RecoveryStrategy strategy);

    /** Returns the registered strategies, in no order; those of the default chain are not included. */
    List<RecoveryStrategy.RegisteredStrategy> registeredStrategies();

    /**
     * Registers what a component brings for its own recovery, in place of an earlier registration.
     *
     * @return removes it
     */
    Registration registerComponent(String component, ComponentRecovery recovery);

    /**
     * Ends the quarantine of a component, forgets its restarts and critical errors, and requests a restart if it is a plugin
     * that is not running, whatever stopped it.
     *
     * @return false if there is no such component, or an abandoned strategy still holds it
     */
    boolean resetComponent(String component);

    /**
     * Notes that a health check of a component passes: the errors that it reported count as recovered, and a quarantine that
     * they led to goes over into its probation.
     */
    void checkHealed(String component, String check);

    /** Returns whether the component is quarantined; false while it is on probation after a restart. */
    boolean isParked(String component);

    /**
     * Adds a consumer of events. It is called on the thread that causes the event, such as one that records an error: it
     * must be quick and must not block. What it throws is logged.
     *
     * @param name identifies the consumer in the log
     * @return removes it
     */
    Registration addListener(String name, Consumer<? super RecoveryEvent> consumer);

    /** Returns the recovery breakers, one for each error type for which a recovery was attempted. */
    CircuitBreakers breakers();

    /** Returns errors and recoveries at this moment. */
    ErrorStats errorStats();

    /** Returns the total of errors by type and severity; exact whatever was sampled. */
    Map<String, Map<ErrorSeverity, Long>> errorCounts();

    /** Returns the number of errors by what became of them; exact while no error is being recorded. */
    ErrorStats.Totals totals();

    /** Returns at most {@code limit} errors recorded in full, the most recent first. */
    List<ErrorRecord> recentErrors(int limit);

    /** Returns at most {@code limit} recoveries, the most recent first. */
    List<RecoveryRecord> recentRecoveries(int limit);

    /** Returns what errors and recoveries mean for the application's health, and which health checks fail. */
    HealthReport healthReport();

    /** Returns what errors and recoveries alone mean for health, for a check beside the others. */
    Health checkHealth();

    /** Returns whether health is not DOWN. It recovers automatically as the window slides and checks pass again. */
    boolean isHealthy();

    /**
     * Closes the manager within five seconds.
     *
     * @throws IllegalStateException if this is the {@linkplain #shared shared} form
     */
    @Override
    void close();

    /**
     * Refuses new recoveries, cancels those in progress, and waits until the deadline for their ends. Only the first call
     * does; others wait for it and return the same report. Waits through an interrupt, which it restores.
     *
     * @return what was cancelled, and what did not end
     * @throws IllegalStateException if this is the {@linkplain #shared shared} form
     */
    RecoveryCloseReport close(Deadline deadline);

    /** Builds an {@link ErrorRecoveryManager}. Everything has a default. Not thread-safe. */
    final class Builder {
        private ErrorRecoveryConfig config = ErrorRecoveryConfig.defaults();
        private Ticker ticker = Ticker.system();
        private InstantSource clock = InstantSource.system();
        private @Nullable Scheduler scheduler;
        private ThreadFactory threads =
                Thread.ofPlatform().name("lynx-recovery-", 0).daemon().factory();
        private ErrorClassifier classifier = ErrorClassifier.standard();
        private CircuitBreakerConfig breakerConfig = CircuitBreakerConfig.defaults();
        private @Nullable CircuitBreakers callBreakers;
        private @Nullable HealthMonitor health;
        private Restarter restarter = Restarter.NONE;
        private Predicate<String> required = _ -> false;
        private Consumer<? super String> onShutdown = _ -> {};
        private String environment = "";
        private String version = "";
        private @Nullable Tracing tracing;

        private Builder() {}

        /** Sets thresholds, windows and limits; the defaults of {@code lynx.error_recovery} unless set. */
        public Builder config(ErrorRecoveryConfig recovery) {
            this.config = recovery;
            return this;
        }

        /** Sets the clock of windows and timeouts; the JVM's unless set. */
        public Builder ticker(Ticker monotonic) {
            this.ticker = monotonic;
            return this;
        }

        /** Sets the clock of timestamps; the system's unless set. */
        public Builder clock(InstantSource wallClock) {
            this.clock = wallClock;
            return this;
        }

        /** Sets the scheduler of timeouts and pauses, on the same clock as the ticker; one of its own unless set. */
        public Builder scheduler(Scheduler timer) {
            this.scheduler = timer;
            return this;
        }

        /**
         * Sets what makes the threads of recoveries, which run the strategies; daemon platform threads unless set. Virtual
         * threads would not run while computation takes all of their carriers.
         */
        public Builder threads(ThreadFactory factory) {
            this.threads = factory;
            return this;
        }

        /** Sets the classifier of exceptions; the built-in table unless set. */
        public Builder classifier(ErrorClassifier rules) {
            this.classifier = rules;
            return this;
        }

        /** Sets the configuration of the recovery breakers, one for each error type; their defaults unless set. */
        public Builder circuitBreaker(CircuitBreakerConfig configuration) {
            this.breakerConfig = configuration;
            return this;
        }

        /** Sets the circuit breakers of calls, which degrade health while they are open; none unless set. */
        public Builder callBreakers(CircuitBreakers breakers) {
            this.callBreakers = breakers;
            return this;
        }

        /** Sets the monitor whose checks are run again when they fail, and shown in the health report; none unless set. */
        public Builder health(HealthMonitor monitor) {
            this.health = monitor;
            return this;
        }

        /** Sets what restarts components; nothing is restarted unless set. */
        public Builder restarter(Restarter lifecycle) {
            this.restarter = lifecycle;
            return this;
        }

        /** Sets which components the application requires, besides those that were registered as such. */
        public Builder required(Predicate<String> component) {
            this.required = component;
            return this;
        }

        /** Sets what shuts the application down when a component is quarantined and {@code on_exhausted} is {@code shutdown}. */
        public Builder onShutdown(Consumer<? super String> shutdown) {
            this.onShutdown = shutdown;
            return this;
        }

        /** Sets the environment named in error records; an application sets the profiles of its configuration. */
        public Builder environment(String name) {
            this.environment = name;
            return this;
        }

        /** Sets the version named in error records. */
        public Builder version(String applicationVersion) {
            this.version = applicationVersion;
            return this;
        }

        /** Sets where the spans of recoveries go; nowhere unless set. */
        public Builder tracing(Tracing spans) {
            this.tracing = spans;
            return this;
        }

        /** Returns the manager. */
        public ErrorRecoveryManager build() {
            return RecoveryEngine.create(new RecoveryEngine.Setup(
                    config,
                    ticker,
                    clock,
                    scheduler,
                    threads,
                    classifier,
                    CircuitBreakers.builder(breakerConfig).ticker(ticker).build(),
                    callBreakers,
                    health,
                    restarter,
                    required,
                    onShutdown,
                    environment,
                    version,
                    tracing));
        }
    }
}
