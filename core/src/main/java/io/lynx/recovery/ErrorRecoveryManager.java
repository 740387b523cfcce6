package io.lynx.recovery;

import io.lynx.extension.Notifier;
import io.lynx.extension.Registration;
import io.lynx.health.Health;
import io.lynx.health.HealthMonitor;
import io.lynx.health.HealthStatus;
import io.lynx.plugin.ResourceKey;
import io.lynx.resilience.CircuitBreakerConfig;
import io.lynx.resilience.CircuitBreakers;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import io.lynx.time.SystemScheduler;
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
    private final Parts parts;

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

    /** The objects behind one manager and its shared form. */
    private static final class Parts {
        volatile ErrorRecoveryConfig config;
        final Ticker ticker;
        final Elapsed elapsed;
        final ErrorClassifier classifier;
        final ErrorHistory<ErrorEntry> history;
        final Components components;
        final StrategyRegistry strategies;
        final CircuitBreakers breakers;
        final Notifier<RecoveryEvent> notifier;
        final RecoveryLog log;
        final QuarantinedComponents quarantine;
        final RecoveryRunner runner;
        final ErrorRecorder recorder;
        final StatsView stats;
        final HealthView health;
        final RecoveryShutdown shutdown;

        Parts(Builder builder) {
            config = builder.config;
            ticker = builder.ticker;
            elapsed = new Elapsed(ticker);
            classifier = builder.classifier;
            ErrorTypes types = new ErrorTypes(config.errorWindow());
            history = new ErrorHistory<>(config.maxErrorHistory());
            components = new Components(config);
            HealthMonitor monitor = builder.health;
            strategies = new StrategyRegistry(
                    builder.restarter,
                    components::recovery,
                    name -> monitor == null ? null : monitor.probe(name).orElse(null));
            breakers = builder.breakers == null
                    ? CircuitBreakers.builder(builder.breakerConfig)
                            .ticker(ticker)
                            .build()
                    : builder.breakers;
            notifier = new Notifier<>(ticker);
            Scheduler scheduler = builder.scheduler;
            SystemScheduler ownScheduler = null;
            if (scheduler == null) {
                ownScheduler = new SystemScheduler(
                        "lynx-recovery-timer",
                        task -> builder.threads.newThread(task).start());
                scheduler = ownScheduler;
            }
            log = new RecoveryLog(builder, notifier, history);
            quarantine = new QuarantinedComponents(builder, components, elapsed, log);
            runner = new RecoveryRunner(builder, elapsed, scheduler, components, strategies, breakers, log, quarantine);
            recorder = new ErrorRecorder(builder, elapsed, types, history, components, runner, notifier);
            stats = new StatsView(config, types, history, components, breakers, runner);
            health = new HealthView(() -> config, types, components, breakers, builder.required, monitor);
            shutdown = new RecoveryShutdown(runner, scheduler, ownScheduler);
        }
    }

    private ErrorRecoveryManager(Parts parts, boolean isShared) {
        this.parts = parts;
        this.isShared = isShared;
    }

    /** Returns a builder with the default configuration. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns the same manager in a form that cannot be closed, to be shared with code that does not own it. */
    public ErrorRecoveryManager shared() {
        return new ErrorRecoveryManager(parts, true);
    }

    /**
     * Applies {@code errorThreshold}, {@code recoveryTimeout} and {@code onExhausted} of {@code changed}, from the next
     * health report, recovery and quarantine on. Its other values are ignored: sizes and windows cannot change.
     */
    public void apply(ErrorRecoveryConfig changed) {
        ErrorRecoveryConfig now = parts.config.live(changed);
        parts.config = now;
        parts.runner.apply(now);
        parts.quarantine.apply(now);
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
        parts.recorder.record(component, errorType, message, severity, context);
    }

    /** Records an exception, classified by the rules and the table. Never throws. */
    public void recordError(@Nullable String component, @Nullable Throwable throwable) {
        recordError(ErrorReport.builder(component).throwable(throwable).build());
    }

    /** Records an error as {@code report} describes it. One that is classified as REJECTED is only counted. Never throws. */
    public void recordError(ErrorReport report) {
        parts.recorder.record(report);
    }

    /** Returns the classifier of this manager. */
    public ErrorClassifier classifier() {
        return parts.classifier;
    }

    /**
     * Registers a strategy for an error type; one of the same name for the same type is replaced. It is tried before the
     * default chain. Registering resets no circuit breaker.
     *
     * @return removes it
     */
    public Registration registerRecoveryStrategy(String errorType, RecoveryStrategy strategy) {
        return parts.strategies.register(errorType, strategy);
    }

    /**
     * Registers a strategy for the errors of a category whose type has none.
     *
     * @return removes it
     */
    public Registration registerRecoveryStrategy(ErrorCategory category, RecoveryStrategy strategy) {
        return parts.strategies.register(category, strategy);
    }

    /**
     * Registers a strategy for an error type of one component. It takes precedence over those of the type.
     *
     * @return removes it
     */
    public Registration registerRecoveryStrategy(String component, String errorType, RecoveryStrategy strategy) {
        return parts.strategies.register(component, errorType, strategy);
    }

    /** Returns the registered strategies, in no order; those of the default chain are not included. */
    public List<RegisteredStrategy> registeredStrategies() {
        return parts.strategies.registered();
    }

    /**
     * Registers what a component brings for its own recovery, in place of an earlier registration.
     *
     * @return removes it
     */
    public Registration registerComponent(String component, ComponentRecovery recovery) {
        return parts.components.register(component, recovery);
    }

    /**
     * Ends the quarantine of a component and forgets its restarts and critical errors.
     *
     * @return false if there is no such component, or an abandoned strategy still holds it
     */
    public boolean resetComponent(String component) {
        return parts.quarantine.reset(component);
    }

    /**
     * Notes that a health check of a component passes: the errors that it reported count as recovered, and the quarantine
     * that they led to ends. Restarts still count.
     */
    public void checkHealed(String component, String check) {
        parts.quarantine.healed(component, check);
    }

    /** Returns whether the component is quarantined. */
    public boolean isParked(String component) {
        Component known = parts.components.find(component);
        return known != null && known.state() instanceof Component.Parked;
    }

    /**
     * Adds a consumer of events. It is called on the thread that causes the event, such as one that records an error: it
     * must be quick and must not block. What it throws is logged.
     *
     * @param name identifies the consumer in the log
     * @return removes it
     */
    public Registration addListener(String name, Consumer<? super RecoveryEvent> consumer) {
        return parts.notifier.add(name, consumer);
    }

    /** Returns the recovery breakers, one for each error type for which a recovery was attempted. */
    public CircuitBreakers breakers() {
        return parts.breakers;
    }

    /** Returns errors and recoveries at this moment. */
    public ErrorStats errorStats() {
        return parts.stats.errorStats(parts.elapsed.nanos());
    }

    /** Returns the total of errors by type and severity; exact whatever was sampled. */
    public Map<String, Map<ErrorSeverity, Long>> errorCounts() {
        return parts.stats.errorCounts();
    }

    /** Returns the number of errors by what became of them; exact while no error is being recorded. */
    public Totals totals() {
        return new Totals(
                parts.stats.recorded(),
                parts.history.added(),
                parts.recorder.sampledOut(),
                parts.recorder.rejected(),
                parts.components.overflows());
    }

    /** Returns at most {@code limit} errors recorded in full, the most recent first. */
    public List<ErrorRecord> recentErrors(int limit) {
        return parts.stats.recentErrors(limit);
    }

    /** Returns at most {@code limit} recoveries, the most recent first. */
    public List<RecoveryRecord> recentRecoveries(int limit) {
        return parts.log.newest(limit);
    }

    /** Returns what errors and recoveries mean for the application's health, and which health checks fail. */
    public HealthReport healthReport() {
        HealthView.Finding finding = parts.health.findAll(parts.elapsed.nanos(), parts.runner.active());
        ErrorRecoveryConfig config = parts.config;
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
        HealthView.Finding finding = parts.health.find(parts.elapsed.nanos(), parts.runner.active());
        return finding.status() == HealthStatus.UP
                ? Health.up()
                : new Health(
                        finding.status(), String.join("; ", finding.reasons()), Map.of("reasons", finding.reasons()));
    }

    /** Returns whether health is not DOWN. It recovers automatically as the window slides and checks pass again. */
    public boolean isHealthy() {
        return parts.health
                        .findAll(parts.elapsed.nanos(), parts.runner.active())
                        .status()
                != HealthStatus.DOWN;
    }

    /**
     * Closes the manager within five seconds.
     *
     * @throws IllegalStateException if this is the {@linkplain #shared shared} form
     */
    @Override
    public void close() {
        RecoveryCloseReport _ = close(Deadline.after(CLOSE_TIMEOUT, parts.ticker));
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
        return parts.shutdown.close(deadline);
    }

    RecoveryRunner runner() {
        return parts.runner;
    }

    @Nullable
    Component component(String name) {
        return parts.components.find(name);
    }

    /** Builds an {@link ErrorRecoveryManager}. Everything has a default. Not thread-safe. */
    public static final class Builder {
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

        Restarter restarter = Restarter.NONE;
        Predicate<String> required = _ -> false;
        Consumer<? super String> onShutdown = _ -> {};
        String environment = "";
        String version = "";

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
            return new ErrorRecoveryManager(new Parts(this), false);
        }
    }
}
