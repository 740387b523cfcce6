package io.lynx.recovery;

import io.lynx.health.Health;
import io.lynx.health.HealthMonitor;
import io.lynx.health.HealthStatus;
import io.lynx.plugin.ResourceKey;
import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.CircuitBreakerConfig;
import io.lynx.resilience.CircuitBreakerSnapshot;
import io.lynx.resilience.CircuitBreakers;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import io.lynx.time.SystemScheduler;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

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

    private static final int MOST_RECENT = 100;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final ErrorRecoveryConfig config;
    private final Ticker ticker;
    private final long origin;
    private final ErrorClassifier classifier;
    private final Draft.Source source;

    private final ErrorTypes types;
    private final Fingerprints fingerprints = new Fingerprints();
    private final History<ErrorEntry> history;
    private final LongAdder rejected = new LongAdder();
    private final LongAdder sampledOut = new LongAdder();

    private final Components components;
    private final StrategyRegistry strategies;
    private final CircuitBreakers breakers;
    private final EventQueue events;
    private final RecoveryObserver observer;
    private final Scheduler scheduler;
    private final @Nullable SystemScheduler ownScheduler;
    private final Recoveries recoveries;
    private final HealthView health;
    private final AtomicReference<@Nullable CompletableFuture<CloseReport>> closing = new AtomicReference<>();

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

    private ErrorRecoveryManager(Builder builder) {
        this.config = builder.config;
        this.ticker = builder.ticker;
        this.origin = ticker.nanos();
        this.classifier = builder.classifier;
        this.source = new Source(builder);
        this.types = new ErrorTypes(config.errorWindow());
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
        this.observer = builder.observer;
        if (builder.scheduler == null) {
            this.ownScheduler = new SystemScheduler(
                    "lynx-recovery-timer",
                    task -> builder.threads.newThread(task).start());
            this.scheduler = ownScheduler;
        } else {
            this.ownScheduler = null;
            this.scheduler = builder.scheduler;
        }
        this.recoveries = new Recoveries(builder, scheduler, components, strategies, breakers, events, history, origin);
        this.health = new HealthView(config, types, components, breakers, builder.required, monitor);
    }

    /** A builder with the default configuration. */
    public static Builder builder() {
        return new Builder();
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
        ErrorTypes.Counts counts = types.of(errorType);
        Disposition disposition =
                switch (category) {
                    case VALIDATION, SECURITY, CONFIGURATION -> Disposition.PERMANENT;
                    case NETWORK, DATABASE, PLUGIN, RESOURCE, TIMEOUT, SYSTEM -> Disposition.UNKNOWN;
                };
        Classification classification = Classification.of(category, severity, disposition);
        long fingerprint = Fingerprint.of(counts.errorType, message);
        record(ErrorOrigin.component(), counts, classification, fingerprint, message, null, component, context);
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
        recordError(origin, component, throwable, classifier.classify(throwable), context);
    }

    /** Records an error without an exception that showed elsewhere than in the component itself. */
    public void recordError(
            ErrorOrigin origin,
            @Nullable String component,
            @Nullable String message,
            Classification classification,
            @Nullable Map<String, ?> context) {
        ErrorTypes.Counts counts = types.of(classification.errorType());
        long fingerprint = Fingerprint.of(counts.errorType, message);
        record(origin, counts, classification, fingerprint, message, null, component, context);
    }

    /** Records an exception that the caller has classified. One that is REJECTED is counted and no more. */
    public void recordError(
            @Nullable String component,
            Throwable throwable,
            Classification classification,
            @Nullable Map<String, ?> context) {
        recordError(ErrorOrigin.component(), component, throwable, classification, context);
    }

    private void recordError(
            ErrorOrigin origin,
            @Nullable String component,
            Throwable throwable,
            Classification classification,
            @Nullable Map<String, ?> context) {
        if (classification.disposition() == Disposition.REJECTED) {
            rejected.increment();
            return;
        }
        ErrorTypes.Counts counts = types.of(classification.errorType());
        record(
                origin,
                counts,
                classification,
                Fingerprint.of(counts.errorType, throwable),
                message(throwable),
                throwable,
                component,
                context);
    }

    private static @Nullable String message(Throwable throwable) {
        try {
            String message = throwable.getMessage();
            return message == null ? throwable.getClass().getSimpleName() : message;
        } catch (RuntimeException hostile) {
            return "unreadable: " + hostile.getClass().getName();
        }
    }

    private void record(
            ErrorOrigin origin,
            ErrorTypes.Counts counts,
            Classification said,
            long fingerprint,
            @Nullable String message,
            @Nullable Throwable throwable,
            @Nullable String componentName,
            @Nullable Map<String, ?> context) {
        long now = now();
        ErrorSeverity severity = Urgency.severity(origin, said);
        Classification classification = severity == said.severity() ? said : said.withSeverity(severity);
        counts.add(severity, now, !(origin instanceof ErrorOrigin.Check));
        Fingerprints.Count count = fingerprints.of(fingerprint, now);
        Component component = components.of(componentName == null ? "" : componentName, now);
        String name = component == null ? Texts.name(componentName) : component.name();
        observer.errorRecorded(counts.errorType, severity, name);
        Draft draft = new Draft(
                source,
                counts.errorType,
                classification,
                message,
                throwable,
                context,
                name,
                origin,
                fingerprint,
                count);
        if (fingerprints.count(count, now)) {
            ErrorEntry entry = draft.entry();
            history.add(entry);
            events.offer(new RecoveryEvent.ErrorRecorded(entry.record()));
        } else {
            sampledOut.increment();
        }
        if (component == null && severity == ErrorSeverity.CRITICAL) {
            components.untrackedCritical(now);
        }
        int urgency = Urgency.ofError(origin, classification.category(), classification.disposition(), severity);
        while (component != null) {
            component.seen(severity, now);
            if (origin instanceof ErrorOrigin.Check(String check, boolean _)) {
                component.checkFailed(check);
            }
            if (!config.enabled() || recoveries.offer(component, urgency, draft::entry) != Component.Offer.FORGOTTEN) {
                return;
            }
            component = components.of(component.name(), now);
        }
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
        return recoveries.reset(component);
    }

    /**
     * Says that a component's health check is well: errors that it reported count as recovered, and if they made the
     * component parked, it is that no more. Its restarts still count.
     */
    public void checkHealed(String component, String check) {
        recoveries.healed(component, check);
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
        long now = now();
        Map<String, Long> totals = new TreeMap<>();
        Map<String, Long> recent = new TreeMap<>();
        for (ErrorTypes.Counts counts : types.all()) {
            totals.put(counts.errorType, counts.total());
            long inWindow = counts.recent(now);
            if (inWindow > 0) {
                recent.put(counts.errorType, inWindow);
            }
        }
        RecoveryCounts counts = recoveries.counts();
        ErrorStats.RecoveryStats stats = new ErrorStats.RecoveryStats(
                counts.total(),
                counts.of(RecoveryRecord.Result.RECOVERED),
                counts.of(RecoveryRecord.Result.SKIPPED),
                counts.of(RecoveryRecord.Result.ABANDONED),
                recoveries.active());
        Map<String, CircuitBreakerSnapshot> states = new TreeMap<>();
        for (CircuitBreaker breaker : breakers.all()) {
            states.put(breaker.name(), breaker.snapshot());
        }
        Map<String, ErrorStats.ComponentState> named = new TreeMap<>();
        for (Component component : components.all()) {
            named.put(component.name(), state(component, now));
        }
        return new ErrorStats(
                totals,
                recentErrors(MOST_RECENT),
                stats,
                states,
                new ErrorStats.Window(config.errorWindow(), recent),
                named);
    }

    private ErrorStats.ComponentState state(Component component, long now) {
        boolean degraded = component.isDegraded(now, config.errorWindow().toNanos());
        String status =
                switch (component.state()) {
                    case Component.Queued _, Component.Running _ -> "recovering";
                    case Component.Parked _ -> "parked";
                    case Component.Quarantined _ -> "quarantined";
                    case Component.Idle _, Component.Cooling _, Component.Forgotten _ -> degraded ? "degraded" : "ok";
                };
        return new ErrorStats.ComponentState(status, component.restarts().count(now));
    }

    /** Total of errors by type and severity, for counters; exact whatever was sampled. */
    public Map<String, Map<ErrorSeverity, Long>> errorCounts() {
        Map<String, Map<ErrorSeverity, Long>> totals = new TreeMap<>();
        for (ErrorTypes.Counts counts : types.all()) {
            Map<ErrorSeverity, Long> bySeverity = new TreeMap<>(Comparator.naturalOrder());
            for (ErrorSeverity severity : ErrorSeverity.values()) {
                bySeverity.put(severity, counts.total(severity));
            }
            totals.put(counts.errorType, bySeverity);
        }
        return totals;
    }

    /** Where every error has gone; exact when nobody is recording. */
    public Totals totals() {
        long recorded = 0;
        for (ErrorTypes.Counts counts : types.all()) {
            recorded += counts.total();
        }
        return new Totals(
                recorded, history.added(), sampledOut.sum(), rejected.sum(), events.dropped(), components.overflows());
    }

    /** The errors recorded in full, the newest first, at most so many. */
    public List<ErrorRecord> recentErrors(int most) {
        return history.newest(most).stream().map(ErrorEntry::current).toList();
    }

    /** The recoveries that were tried, the newest first, at most so many. */
    public List<RecoveryRecord> recentRecoveries(int most) {
        return recoveries.newest(most);
    }

    /** What errors and recoveries mean for the application's health, and which health checks fail. */
    public HealthReport healthReport() {
        HealthView.Finding finding = health.findAll(now(), recoveries.active());
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
        HealthView.Finding finding = health.find(now(), recoveries.active());
        return finding.status() == HealthStatus.UP
                ? Health.up()
                : new Health(
                        finding.status(), String.join("; ", finding.reasons()), Map.of("reasons", finding.reasons()));
    }

    /** Whether health is not DOWN. It heals by itself as the window slides and checks are well again. */
    public boolean isHealthy() {
        return health.findAll(now(), recoveries.active()).status() != HealthStatus.DOWN;
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
        CompletableFuture<CloseReport> mine = new CompletableFuture<>();
        CompletableFuture<CloseReport> first = closing.compareAndExchange(null, mine);
        if (first != null) {
            return first.join();
        }
        recoveries.stop();
        awaitWithin(deadline, recoveries.lane().quiet());
        awaitWithin(deadline, recoveries.landed());
        awaitWithin(deadline, events.lane().quiet());
        CloseReport report = new CloseReport(
                recoveries.counts().cancelled(), recoveries.leftovers(), events.dropped() + events.waiting());
        if (ownScheduler != null) {
            ownScheduler.close();
        }
        mine.complete(report);
        return report;
    }

    /** By the scheduler's time and by real time, whichever is over first: the scheduler may have been closed. */
    private void awaitWithin(Deadline deadline, CompletableFuture<Void> end) {
        CompletableFuture<Void> over = end.copy();
        boolean interrupted = false;
        try {
            Scheduler.Scheduled timer = scheduler.after(deadline.remaining(), () -> over.complete(null));
            long realEnd = System.nanoTime() + deadline.remainingNanos();
            while (!over.isDone()) {
                try {
                    over.get(realEnd - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException _) {
                    interrupted = true;
                } catch (TimeoutException | ExecutionException _) {
                    break;
                }
            }
            timer.cancel();
        } catch (RejectedExecutionException closed) {
            // without a scheduler nothing can be waited for
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private long now() {
        return ticker.nanos() - origin;
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

    private static final class Source implements Draft.Source {
        private final AtomicLong ids = new AtomicLong();
        private final InstantSource clock;
        private final String environment;
        private final String version;

        Source(Builder builder) {
            this.clock = builder.clock;
            this.environment = builder.environment;
            this.version = builder.version;
        }

        @Override
        public String nextId() {
            return "e-" + ids.incrementAndGet();
        }

        @Override
        public Instant now() {
            return clock.instant();
        }

        @Override
        public String environment() {
            return environment;
        }

        @Override
        public String version() {
            return version;
        }
    }

    /** Collects the parts of an {@link ErrorRecoveryManager}. Not thread-safe. */
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

        RecoveryObserver observer = RecoveryObserver.NONE;
        Restarter restarter = Restarter.NONE;
        Predicate<String> required = _ -> false;
        Consumer<? super String> onShutdown = _ -> {};
        String environment = "";
        String version = "";
        final List<Consumer<? super RecoveryEvent>> listeners = new ArrayList<>();

        private Builder() {}

        /** Thresholds, windows, limits; the defaults of {@code lynx.error_recovery} unless set. */
        public Builder config(ErrorRecoveryConfig recovery) {
            this.config = recovery;
            return this;
        }

        /** The clock of windows and timeouts; the JVM's unless set. */
        public Builder ticker(Ticker monotonic) {
            this.ticker = monotonic;
            return this;
        }

        /** The clock of timestamps; the system's unless set. */
        public Builder clock(InstantSource wallClock) {
            this.clock = wallClock;
            return this;
        }

        /** Ends what takes too long; on the same clock as the ticker. One of its own unless set. */
        public Builder scheduler(Scheduler timer) {
            this.scheduler = timer;
            return this;
        }

        /** Makes the threads of recoveries and listeners; virtual ones unless set. */
        public Builder threads(ThreadFactory factory) {
            this.threads = factory;
            return this;
        }

        /** Says what exceptions mean; the built-in table unless set. */
        public Builder classifier(ErrorClassifier rules) {
            this.classifier = rules;
            return this;
        }

        /** The configuration of the recovery breakers, one for each error type; unless set, their defaults. */
        public Builder circuitBreaker(CircuitBreakerConfig configuration) {
            this.breakerConfig = configuration;
            return this;
        }

        /** The recovery breakers themselves, in place of some of its own; named by error type. All of them count for health. */
        public Builder circuitBreakers(CircuitBreakers byErrorType) {
            this.breakers = byErrorType;
            return this;
        }

        /** Whose checks are asked again when they fail, and shown in the health report; none unless set. */
        public Builder health(HealthMonitor monitor) {
            this.health = monitor;
            return this;
        }

        /** Restarts components; nothing is restarted unless set. */
        public Builder restarter(Restarter lifecycle) {
            this.restarter = lifecycle;
            return this;
        }

        /** Which components the application cannot do without, beside those that were registered as such. */
        public Builder required(Predicate<String> component) {
            this.required = component;
            return this;
        }

        /** Stops the application, when a component is given up and {@code on_exhausted} is {@code shutdown}. */
        public Builder onShutdown(Consumer<? super String> stop) {
            this.onShutdown = stop;
            return this;
        }

        /** Where the application runs, for error records. */
        public Builder environment(String name) {
            this.environment = name;
            return this;
        }

        /** The application's version, for error records. */
        public Builder version(String applicationVersion) {
            this.version = applicationVersion;
            return this;
        }

        /** Counts what happens, as it happens; nobody does unless set. */
        public Builder observer(RecoveryObserver counter) {
            this.observer = new GuardedObserver(counter);
            return this;
        }

        /** Tells {@code listener} of every event. */
        public Builder listener(Consumer<? super RecoveryEvent> listener) {
            listeners.add(listener);
            return this;
        }

        /** The manager. */
        public ErrorRecoveryManager build() {
            return new ErrorRecoveryManager(this);
        }
    }
}
