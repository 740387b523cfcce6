package io.lynx.recovery;

import io.lynx.health.Health;
import io.lynx.health.HealthMonitor;
import io.lynx.health.HealthStatus;
import io.lynx.plugin.ResourceKey;
import io.lynx.resilience.CircuitBreakers;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import io.lynx.time.SystemScheduler;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/*
 * The front of the package; the work is done behind it:
 *
 *   Recorder      counts an error, samples it, offers it to its component      on the thread that records
 *   Recoveries    brings components back                                       on threads of its own
 *   Ledger        what recoveries did                                          on theirs
 *   EventQueue    tells listeners                                              on a thread of its own
 *   StatsView     what has been counted                                        on the thread that asks
 *   HealthView    what that means for health                                   on the thread that asks
 *   Closing       the end of all that                                          on the thread that closes
 */

/**
 * Counts errors, remembers them, and tries to recover the components that they happen to.
 *
 * <p>Recording never blocks, never throws and does no recovery on the calling thread: errors are counted by type and by
 * fingerprint, recorded in full for the first ten of a fingerprint a minute and then one in a hundred, and offered to
 * the component's recovery, of which one runs at a time. Every error recorded is either in the history or counted as
 * sampled out; {@link #totals} tells.
 *
 * <p>Thread-safe. Made by its {@link #builder() builder}; it starts no thread before the first error that needs one.
 * After {@link #close} errors are still counted and recorded, but nothing is recovered.
 */
public final class ErrorRecoveryManager implements AutoCloseable {
    /** The key under which every application shares its manager. */
    public static final ResourceKey<ErrorRecoveryManager> KEY =
            ResourceKey.of("lynx.recovery", ErrorRecoveryManager.class);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private volatile ErrorRecoveryConfig config;
    private final Ticker ticker;
    private final Elapsed elapsed;
    private final ErrorClassifier classifier;
    private final History<ErrorEntry> history;
    private final Components components;
    private final StrategyRegistry strategies;
    private final CircuitBreakers breakers;
    private final EventQueue events;
    private final Ledger ledger;
    private final Parking parking;
    private final Recoveries recoveries;
    private final Recorder recorder;
    private final StatsView stats;
    private final HealthView health;
    private final Closing closing;

    /**
     * Where every error has gone.
     *
     * @param recorded all errors, rejections not among them
     * @param inHistory those recorded in full; the newest of them are still in the history
     * @param sampledOut those that were counted only
     * @param rejected refusals by policies of our own, which are no errors
     * @param undelivered events that did not fit into the listeners' queue
     * @param untracked errors of components that there was no room for, which nobody tries to recover
     */
    public record Totals(
            long recorded, long inHistory, long sampledOut, long rejected, long undelivered, long untracked) {}

    ErrorRecoveryManager(ErrorRecoveryManagerBuilder builder) {
        this.config = builder.config;
        this.ticker = builder.ticker;
        this.elapsed = new Elapsed(ticker);
        this.classifier = builder.classifier;
        ErrorTypes types = new ErrorTypes(config.errorWindow());
        this.history = new History<>(config.maxErrorHistory());
        this.components = new Components(config);
        HealthMonitor monitor = builder.health;
        this.strategies = new StrategyRegistry(
                builder.restarter,
                components::recovery,
                name -> monitor == null ? null : monitor.probe(name).orElse(null));
        this.breakers = builder.breakers == null
                ? CircuitBreakers.builder(builder.breakerConfig).ticker(ticker).build()
                : builder.breakers;
        this.events = new EventQueue(builder.threads, builder.listeners);
        Scheduler scheduler = builder.scheduler;
        SystemScheduler ownScheduler = null;
        if (scheduler == null) {
            ownScheduler = new SystemScheduler(
                    "lynx-recovery-timer",
                    task -> builder.threads.newThread(task).start());
            scheduler = ownScheduler;
        }
        this.ledger = new Ledger(builder, events, history);
        this.parking = new Parking(builder, components, elapsed, ledger);
        this.recoveries =
                new Recoveries(builder, elapsed, scheduler, components, strategies, breakers, ledger, parking);
        this.recorder = new Recorder(builder, elapsed, types, history, components, recoveries, events);
        this.stats = new StatsView(config, types, history, components, breakers, recoveries);
        this.health = new HealthView(() -> config, types, components, breakers, builder.required, monitor);
        this.closing = new Closing(recoveries, events, scheduler, ownScheduler);
    }

    /**
     * Takes over {@code errorThreshold}, {@code recoveryTimeout} and {@code onExhausted}: for the next look at the health, the
     * next recovery and the next component that is given up. The rest of {@code changed} does not matter: sizes and windows
     * are those of the beginning.
     */
    public void apply(ErrorRecoveryConfig changed) {
        ErrorRecoveryConfig now = config.live(changed);
        config = now;
        recoveries.apply(now);
        parking.apply(now);
    }

    /** A builder with the default configuration. */
    public static ErrorRecoveryManagerBuilder builder() {
        return new ErrorRecoveryManagerBuilder();
    }

    /**
     * Records an error. Its category is the one that its type names, or else {@link ErrorCategory#SYSTEM}.
     *
     * @param errorType what it is counted under; at most 256 types are told apart
     * @param message what happened; kept up to 1 KiB
     * @param component what it happened to; the id of a plugin if it may be restarted
     * @param context anything worth knowing; copied, bounded, with secrets masked
     */
    public void recordError(
            @Nullable String errorType,
            @Nullable String message,
            @Nullable String component,
            ErrorSeverity severity,
            @Nullable Map<String, ?> context) {
        ErrorCategory category = errorType == null
                ? ErrorCategory.SYSTEM
                : ErrorCategory.named(errorType).orElse(ErrorCategory.SYSTEM);
        recordError(errorType, category, message, component, severity, context);
    }

    /** Records an error of a category. */
    public void recordError(
            @Nullable String errorType,
            ErrorCategory category,
            @Nullable String message,
            @Nullable String component,
            ErrorSeverity severity,
            @Nullable Map<String, ?> context) {
        Classification classification = Classification.of(category, severity);
        recorder.record(ErrorOrigin.component(), component, errorType, message, classification, context);
    }

    /** Records an exception, classified by the rules and the table. */
    public void recordError(@Nullable String component, Throwable throwable) {
        recordError(component, throwable, null);
    }

    /** Records an exception, classified by the rules and the table. */
    public void recordError(@Nullable String component, Throwable throwable, @Nullable Map<String, ?> context) {
        recordError(ErrorOrigin.component(), component, throwable, context);
    }

    /** Records an exception that showed elsewhere than in the component itself, classified by the rules and the table. */
    public void recordError(
            ErrorOrigin origin, @Nullable String component, Throwable throwable, @Nullable Map<String, ?> context) {
        recorder.record(origin, component, throwable, classifier.classify(throwable), context);
    }

    /** Records an error without an exception that showed elsewhere than in the component itself. */
    public void recordError(
            ErrorOrigin origin,
            @Nullable String component,
            @Nullable String message,
            Classification classification,
            @Nullable Map<String, ?> context) {
        recorder.record(origin, component, classification.errorType(), message, classification, context);
    }

    /** Records an exception that the caller has classified. One that is REJECTED is counted and no more. */
    public void recordError(
            @Nullable String component,
            Throwable throwable,
            Classification classification,
            @Nullable Map<String, ?> context) {
        recorder.record(ErrorOrigin.component(), component, throwable, classification, context);
    }

    /**
     * Registers a strategy for an error type; one of the same name there is replaced. It is tried before the default
     * chain. No circuit breaker is reset by it.
     */
    public void registerRecoveryStrategy(String errorType, RecoveryStrategy strategy) {
        strategies.register(errorType, strategy);
    }

    /** Registers a strategy for the errors of a category that have none for their type. */
    public void registerRecoveryStrategy(ErrorCategory category, RecoveryStrategy strategy) {
        strategies.register(category, strategy);
    }

    /** Registers a strategy for an error type of one component, which goes before those of the type. */
    public void registerRecoveryStrategy(String component, String errorType, RecoveryStrategy strategy) {
        strategies.register(component, errorType, strategy);
    }

    /** The strategies that were registered, in no order; those of the default chain are not among them. */
    public List<RegisteredStrategy> registeredStrategies() {
        return strategies.registered();
    }

    /** Says what a component brings for its own recovery. */
    public void registerComponent(String component, ComponentRecovery recovery) {
        components.register(component, recovery);
    }

    /**
     * Lifts what is held against a component: parking, restarts, critical errors.
     *
     * @return false if there is no such component, or a strategy that does not end still holds it
     */
    public boolean resetComponent(String component) {
        return parking.reset(component);
    }

    /**
     * Says that a component's health check is well: errors that it reported count as recovered, and if they made the
     * component parked, it is that no more. Its restarts still count.
     */
    public void checkHealed(String component, String check) {
        parking.healed(component, check);
    }

    /** Whether the component was given up, until somebody resets it or the check whose failures led to it passes. */
    public boolean isParked(String component) {
        Component known = components.find(component);
        return known != null && known.state() instanceof Component.Parked;
    }

    /** Tells {@code listener} of every event from now on, on a thread of the manager's. */
    public void addListener(Consumer<? super RecoveryEvent> listener) {
        events.addListener(listener);
    }

    /** The recovery breakers, one for each error type that was to be recovered from. */
    public CircuitBreakers breakers() {
        return breakers;
    }

    /** Errors and recoveries at this moment. */
    public ErrorStats errorStats() {
        return stats.errorStats(elapsed.nanos());
    }

    /** Total of errors by type and severity, for counters; exact whatever was sampled. */
    public Map<String, Map<ErrorSeverity, Long>> errorCounts() {
        return stats.errorCounts();
    }

    /** Where every error has gone; exact when nobody is recording. */
    public Totals totals() {
        return new Totals(
                stats.recorded(),
                history.added(),
                recorder.sampledOut(),
                recorder.rejected(),
                events.dropped(),
                components.overflows());
    }

    /** The errors recorded in full, the newest first, at most so many. */
    public List<ErrorRecord> recentErrors(int most) {
        return stats.recentErrors(most);
    }

    /** The recoveries that were tried, the newest first, at most so many. */
    public List<RecoveryRecord> recentRecoveries(int most) {
        return ledger.newest(most);
    }

    /** What errors and recoveries mean for the application's health, and which health checks fail. */
    public HealthReport healthReport() {
        HealthView.Finding finding = health.findAll(elapsed.nanos(), recoveries.active());
        return new HealthReport(
                finding.status(),
                finding.reasons(),
                errorStats(),
                config.errorThreshold(),
                config.recoveryTimeout(),
                config.maxErrorHistory());
    }

    /**
     * What errors and recoveries alone mean, for a health check beside the others: for readiness, never for liveness, as a
     * restart of the process heals nothing.
     */
    public Health checkHealth() {
        HealthView.Finding finding = health.find(elapsed.nanos(), recoveries.active());
        return finding.status() == HealthStatus.UP
                ? Health.up()
                : new Health(
                        finding.status(), String.join("; ", finding.reasons()), Map.of("reasons", finding.reasons()));
    }

    /** Whether health is not DOWN. It heals by itself as the window slides and checks are well again. */
    public boolean isHealthy() {
        return health.findAll(elapsed.nanos(), recoveries.active()).status() != HealthStatus.DOWN;
    }

    /** Closes it within five seconds. */
    @Override
    public void close() {
        CloseReport _ = close(Deadline.after(CLOSE_TIMEOUT, ticker));
    }

    /**
     * Refuses new recoveries, cancels those under way, and waits for their ends and the listeners until the deadline. Only
     * the first call does; others wait for it and get the same report. Waits through an interruption, which it restores.
     *
     * @return what was cancelled, and what did not end
     */
    public CloseReport close(Deadline deadline) {
        return closing.close(deadline);
    }

    Recoveries recoveries() {
        return recoveries;
    }

    EventQueue events() {
        return events;
    }

    @Nullable
    Component component(String name) {
        return components.find(name);
    }
}
