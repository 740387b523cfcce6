package io.lynx.recovery;

import io.lynx.extension.Registration;
import io.lynx.extension.ResourceKey;
import io.lynx.health.Health;
import io.lynx.health.HealthMonitor;
import io.lynx.health.HealthStatus;
import io.lynx.recovery.run.RecoveryEngine;
import io.lynx.resilience.CircuitBreakerConfig;
import io.lynx.resilience.CircuitBreakers;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import java.time.Duration;
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
public final class ErrorRecoveryManager implements AutoCloseable {
    /** The key under which every application shares its manager. */
    public static final ResourceKey<ErrorRecoveryManager> KEY =
            ResourceKey.of("lynx.recovery", ErrorRecoveryManager.class);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final boolean isShared;
    private final RecoveryEngine engine;

    /**
     * Number of errors by what became of them.
     *
     * @param recorded all errors; rejections do not count
     * @param inHistory errors recorded in full, of which the history keeps the most recent
     * @param sampledOut errors that were only counted
     * @param rejected refusals by the framework's own policies, which do not count as errors
     * @param untracked errors of components beyond the bounded number, which are not recovered
     */
    public record Totals(long recorded, long inHistory, long sampledOut, long rejected, long untracked) {}

    /**
     * A registered strategy.
     *
     * @param component the component whose errors it is for; null for those of all
     * @param errorType the error type that it is for, or the name of a category
     * @param strategy its name
     */
    public record RegisteredStrategy(@Nullable String component, String errorType, String strategy) {}

    private ErrorRecoveryManager(RecoveryEngine engine, boolean isShared) {
        this.engine = engine;
        this.isShared = isShared;
    }

    /** Returns a builder with the default configuration. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns the same manager in a form that cannot be closed, to be shared with code that does not own it. */
    public ErrorRecoveryManager shared() {
        return new ErrorRecoveryManager(engine, true);
    }

    /**
     * Applies the threshold, the recovery timeout and the quarantine settings of {@code changed}, from the next health
     * report, recovery and quarantine on. Its other values are ignored: sizes and windows cannot change.
     */
    public void apply(ErrorRecoveryConfig changed) {
        engine.apply(changed);
    }

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
    public void recordError(
            @Nullable String errorType,
            @Nullable String message,
            @Nullable String component,
            @Nullable ErrorSeverity severity,
            @Nullable Map<String, ?> context) {
        engine.record(component, errorType, message, severity, context);
    }

    /** Records an exception, classified by the rules and the table. Never throws. */
    public void recordError(@Nullable String component, @Nullable Throwable throwable) {
        recordError(ErrorReport.builder(component).throwable(throwable).build());
    }

    /** Records an error as {@code report} describes it. One that is classified as REJECTED is only counted. Never throws. */
    public void recordError(ErrorReport report) {
        engine.record(report);
    }

    /** Returns the classifier of this manager. */
    public ErrorClassifier classifier() {
        return engine.classifier();
    }

    /**
     * Registers a strategy for an error type; one of the same name for the same type is replaced. It is tried before the
     * default chain. Registering resets no circuit breaker.
     *
     * @return removes it
     */
    public Registration registerRecoveryStrategy(String errorType, RecoveryStrategy strategy) {
        return engine.register(errorType, strategy);
    }

    /**
     * Registers a strategy for the errors of a category whose type has none.
     *
     * @return removes it
     */
    public Registration registerRecoveryStrategy(ErrorCategory category, RecoveryStrategy strategy) {
        return engine.register(category, strategy);
    }

    /**
     * Registers a strategy for an error type of one component. It takes precedence over those of the type.
     *
     * @return removes it
     */
    public Registration registerRecoveryStrategy(String component, String errorType, RecoveryStrategy strategy) {
        return engine.register(component, errorType, strategy);
    }

    /** Returns the registered strategies, in no order; those of the default chain are not included. */
    public List<RegisteredStrategy> registeredStrategies() {
        return engine.registeredStrategies();
    }

    /**
     * Registers what a component brings for its own recovery, in place of an earlier registration.
     *
     * @return removes it
     */
    public Registration registerComponent(String component, ComponentRecovery recovery) {
        return engine.register(component, recovery);
    }

    /**
     * Ends the quarantine of a component, forgets its restarts and critical errors, and requests a restart if it is a plugin
     * that is not running, whatever stopped it.
     *
     * @return false if there is no such component, or an abandoned strategy still holds it
     */
    public boolean resetComponent(String component) {
        return engine.reset(component);
    }

    /**
     * Notes that a health check of a component passes: the errors that it reported count as recovered, and a quarantine that
     * they led to goes over into its probation.
     */
    public void checkHealed(String component, String check) {
        engine.healed(component, check);
    }

    /** Returns whether the component is quarantined; false while it is on probation after a restart. */
    public boolean isParked(String component) {
        return engine.isParked(component);
    }

    /**
     * Adds a consumer of events. It is called on the thread that causes the event, such as one that records an error: it
     * must be quick and must not block. What it throws is logged.
     *
     * @param name identifies the consumer in the log
     * @return removes it
     */
    public Registration addListener(String name, Consumer<? super RecoveryEvent> consumer) {
        return engine.addListener(name, consumer);
    }

    /** Returns the recovery breakers, one for each error type for which a recovery was attempted. */
    public CircuitBreakers breakers() {
        return engine.breakers();
    }

    /** Returns errors and recoveries at this moment. */
    public ErrorStats errorStats() {
        return engine.errorStats();
    }

    /** Returns the total of errors by type and severity; exact whatever was sampled. */
    public Map<String, Map<ErrorSeverity, Long>> errorCounts() {
        return engine.errorCounts();
    }

    /** Returns the number of errors by what became of them; exact while no error is being recorded. */
    public Totals totals() {
        return engine.totals();
    }

    /** Returns at most {@code limit} errors recorded in full, the most recent first. */
    public List<ErrorRecord> recentErrors(int limit) {
        return engine.recentErrors(limit);
    }

    /** Returns at most {@code limit} recoveries, the most recent first. */
    public List<RecoveryRecord> recentRecoveries(int limit) {
        return engine.recentRecoveries(limit);
    }

    /** Returns what errors and recoveries mean for the application's health, and which health checks fail. */
    public HealthReport healthReport() {
        RecoveryEngine.Finding finding = engine.findAll();
        ErrorRecoveryConfig config = engine.config();
        return new HealthReport(
                finding.status(),
                finding.reasons(),
                errorStats(),
                config.errorThreshold(),
                config.recoveryTimeout(),
                config.maxErrorHistory());
    }

    /** Returns what errors and recoveries alone mean for health, for a check beside the others. */
    public Health checkHealth() {
        RecoveryEngine.Finding finding = engine.find();
        return finding.status() == HealthStatus.UP
                ? Health.up()
                : new Health(
                        finding.status(), String.join("; ", finding.reasons()), Map.of("reasons", finding.reasons()));
    }

    /** Returns whether health is not DOWN. It recovers automatically as the window slides and checks pass again. */
    public boolean isHealthy() {
        return engine.findAll().status() != HealthStatus.DOWN;
    }

    /**
     * Closes the manager within five seconds.
     *
     * @throws IllegalStateException if this is the {@linkplain #shared shared} form
     */
    @Override
    public void close() {
        RecoveryCloseReport _ = close(Deadline.after(CLOSE_TIMEOUT, engine.ticker()));
    }

    /**
     * Refuses new recoveries, cancels those in progress, and waits until the deadline for their ends. Only the first call
     * does; others wait for it and return the same report. Waits through an interrupt, which it restores.
     *
     * @return what was cancelled, and what did not end
     * @throws IllegalStateException if this is the {@linkplain #shared shared} form
     */
    public RecoveryCloseReport close(Deadline deadline) {
        if (isShared) {
            throw new IllegalStateException("lynx.recovery: shared by the application; only the application closes it");
        }
        return engine.close(deadline);
    }

    /** Returns the parts behind this manager, for tests. */
    RecoveryEngine engine() {
        return engine;
    }

    /** Builds an {@link ErrorRecoveryManager}. Everything has a default. Not thread-safe. */
    public static final class Builder {
        private ErrorRecoveryConfig config = ErrorRecoveryConfig.defaults();
        private Ticker ticker = Ticker.system();
        private InstantSource clock = InstantSource.system();

        private @Nullable Scheduler scheduler;

        private ThreadFactory threads =
                Thread.ofVirtual().name("lynx-recovery-", 0).factory();
        private ErrorClassifier classifier = ErrorClassifier.standard();
        private CircuitBreakerConfig breakerConfig = CircuitBreakerConfig.defaults();

        private @Nullable CircuitBreakers breakers;

        private @Nullable HealthMonitor health;

        private Restarter restarter = Restarter.NONE;
        private Predicate<String> required = _ -> false;
        private Consumer<? super String> onShutdown = _ -> {};
        private String environment = "";
        private String version = "";

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

        /** Sets what makes the threads that run strategies; virtual threads unless set. */
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

        /** Sets the recovery breakers themselves, named by error type. All of them count for health. */
        public Builder circuitBreakers(CircuitBreakers byErrorType) {
            this.breakers = byErrorType;
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

        /** Sets the environment named in error records. */
        public Builder environment(String name) {
            this.environment = name;
            return this;
        }

        /** Sets the version named in error records. */
        public Builder version(String applicationVersion) {
            this.version = applicationVersion;
            return this;
        }

        /** Returns the manager. */
        public ErrorRecoveryManager build() {
            CircuitBreakers named = breakers != null
                    ? breakers
                    : CircuitBreakers.builder(breakerConfig).ticker(ticker).build();
            return new ErrorRecoveryManager(
                    new RecoveryEngine(new RecoveryEngine.Setup(
                            config,
                            ticker,
                            clock,
                            scheduler,
                            threads,
                            classifier,
                            named,
                            health,
                            restarter,
                            required,
                            onShutdown,
                            environment,
                            version)),
                    false);
        }
    }
}
