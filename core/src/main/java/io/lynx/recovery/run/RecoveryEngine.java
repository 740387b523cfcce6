package io.lynx.recovery.run;

import io.lynx.extension.Notifier;
import io.lynx.extension.Registration;
import io.lynx.health.CheckReport;
import io.lynx.health.Health;
import io.lynx.health.HealthCheck;
import io.lynx.health.HealthMonitor;
import io.lynx.health.HealthStatus;
import io.lynx.recovery.ComponentRecovery;
import io.lynx.recovery.ErrorCategory;
import io.lynx.recovery.ErrorClassifier;
import io.lynx.recovery.ErrorOrigin;
import io.lynx.recovery.ErrorRecord;
import io.lynx.recovery.ErrorRecoveryConfig;
import io.lynx.recovery.ErrorRecoveryManager.RegisteredStrategy;
import io.lynx.recovery.ErrorRecoveryManager.Totals;
import io.lynx.recovery.ErrorReport;
import io.lynx.recovery.ErrorSeverity;
import io.lynx.recovery.ErrorStats;
import io.lynx.recovery.RecoveryCloseReport;
import io.lynx.recovery.RecoveryEvent;
import io.lynx.recovery.RecoveryRecord;
import io.lynx.recovery.RecoveryStrategy;
import io.lynx.recovery.Restarter;
import io.lynx.resilience.CircuitBreakers;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import io.lynx.time.SystemScheduler;
import io.lynx.time.Ticker;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/*
 * The parts behind a manager:
 *
 *   ErrorRecorder          counts an error, samples it, offers it to its component    on the thread that records
 *   RecoveryRunner         recovers components                                        on threads of its own
 *   QuarantinedComponents  begins and ends quarantines                                on those and the scheduler
 *   RecoveryLog            keeps and publishes what recoveries did                    on the thread that causes it
 *   RecoveryReports        the numbers and what they mean for health                  on the thread that asks
 *   RecoveryShutdown       ends the recoveries                                        on the thread that closes
 */

/** Connects the parts of recovery and answers for them. Thread-safe. */
public final class RecoveryEngine {
    private volatile ErrorRecoveryConfig config;
    private final Setup setup;
    private final long origin;
    private final ErrorHistory<RecordedError> history;
    private final Components components;
    private final StrategyRegistry strategies;
    private final CircuitBreakers breakers;
    private final Notifier<RecoveryEvent> notifier;
    private final RecoveryLog log;
    private final QuarantinedComponents quarantine;
    private final RecoveryRunner runner;
    private final ErrorRecorder recorder;
    private final RecoveryReports reports;
    private final RecoveryShutdown shutdown;

    /** What an engine works with; see the manager's builder. */
    public record Setup(
            ErrorRecoveryConfig config,
            Ticker ticker,
            InstantSource clock,
            @Nullable Scheduler scheduler,
            ThreadFactory threads,
            ErrorClassifier classifier,
            CircuitBreakers breakers,
            @Nullable HealthMonitor health,
            Restarter restarter,
            Predicate<String> required,
            Consumer<? super String> onShutdown,
            String environment,
            String version) {}

    /** The health of recovery, and the reasons for it, the worst first. */
    public record Finding(HealthStatus status, List<String> reasons) {}

    /** Creates an engine that starts no thread before the first error that needs one. */
    public RecoveryEngine(Setup setup) {
        this.setup = setup;
        this.config = setup.config();
        this.origin = setup.ticker().nanos();
        this.breakers = setup.breakers();
        ErrorTypeCounts types = new ErrorTypeCounts(config.errorWindow());
        this.history = new ErrorHistory<>(config.maxErrorHistory());
        this.components = new Components(config, this::canRestart);
        this.strategies = new StrategyRegistry(setup.restarter(), components, this::checkOf, types::reserve);
        this.notifier = new Notifier<>(setup.ticker());
        Scheduler given = setup.scheduler();
        SystemScheduler ownScheduler = given != null
                ? null
                : new SystemScheduler(
                        "lynx-recovery-timer",
                        task -> setup.threads().newThread(task).start());
        Scheduler scheduler = given == null ? Objects.requireNonNull(ownScheduler) : given;
        this.log = new RecoveryLog(setup.clock(), notifier, history, config.maxRecoveryHistory());
        this.quarantine = new QuarantinedComponents(this, components, log, setup.onShutdown());
        this.runner = new RecoveryRunner(this, scheduler, breakers, strategies, log);
        this.recorder = new ErrorRecorder(setup, types, history, components, runner, notifier);
        this.reports =
                new RecoveryReports(this, types, history, components, breakers, log, setup.required(), setup.health());
        this.shutdown = new RecoveryShutdown(runner, log, scheduler, ownScheduler);
    }

    /** Applies what may change while the application runs. */
    public void apply(ErrorRecoveryConfig changed) {
        config = config.withLive(changed);
    }

    /** Returns the configuration in force. */
    public ErrorRecoveryConfig config() {
        return config;
    }

    /** Returns the classifier of exceptions. */
    public ErrorClassifier classifier() {
        return setup.classifier();
    }

    /** Records an error that is described by its parts. */
    public void record(
            @Nullable String component,
            @Nullable String errorType,
            @Nullable String message,
            @Nullable ErrorSeverity severity,
            @Nullable Map<String, ?> context) {
        recorder.record(component, errorType, message, severity, context);
    }

    /** Records an error. */
    public void record(ErrorReport report) {
        recorder.record(report);
    }

    /** Registers a strategy for an error type. */
    public Registration register(String errorType, RecoveryStrategy strategy) {
        return strategies.register(errorType, strategy);
    }

    /** Registers a strategy for a category. */
    public Registration register(ErrorCategory category, RecoveryStrategy strategy) {
        return strategies.register(category, strategy);
    }

    /** Registers a strategy for an error type of one component. */
    public Registration register(String component, String errorType, RecoveryStrategy strategy) {
        return strategies.register(component, errorType, strategy);
    }

    /** Registers what a component brings. */
    public Registration register(String component, ComponentRecovery recovery) {
        return components.register(component, recovery);
    }

    /** Returns the registered strategies. */
    public List<RegisteredStrategy> registeredStrategies() {
        return strategies.registered();
    }

    /** Ends the quarantine of a component, and restarts it if it is not running. */
    public boolean reset(String component) {
        return quarantine.reset(component);
    }

    /** Notes a health check that passes. */
    public void healed(String component, String check) {
        quarantine.healed(component, check);
    }

    /** Returns whether a component is quarantined and not on probation. */
    public boolean isParked(String component) {
        Component known = components.find(component);
        return known != null && known.isParked();
    }

    /** Adds a consumer of events. */
    public Registration addListener(String name, Consumer<? super RecoveryEvent> consumer) {
        return notifier.add(name, consumer);
    }

    /** Returns the recovery breakers. */
    public CircuitBreakers breakers() {
        return breakers;
    }

    /** Returns errors and recoveries at this moment. */
    public ErrorStats errorStats() {
        return reports.errorStats();
    }

    /** Returns totals by type and severity. */
    public Map<String, Map<ErrorSeverity, Long>> errorCounts() {
        return reports.errorCounts();
    }

    /** Returns the number of errors by what became of them. */
    public Totals totals() {
        return new Totals(
                reports.recorded(),
                history.added(),
                recorder.sampledOut(),
                recorder.rejected(),
                components.overflows());
    }

    /** Returns the most recent errors. */
    public List<ErrorRecord> recentErrors(int limit) {
        return reports.recentErrors(limit);
    }

    /** Returns the most recent recoveries. */
    public List<RecoveryRecord> recentRecoveries(int limit) {
        return log.newest(limit);
    }

    /** Returns the health of errors and recoveries alone. */
    public Finding find() {
        return reports.find();
    }

    /** Returns the health of errors, recoveries and checks. */
    public Finding findAll() {
        return reports.findAll();
    }

    /** Ends the recoveries. */
    public RecoveryCloseReport close(Deadline deadline) {
        return shutdown.close(deadline);
    }

    /** Returns the number of free slots. */
    public int freeSlots() {
        return runner.freeSlots();
    }

    /** Returns whether every error was either dispatched or has nothing to wait for. */
    public boolean isSettled() {
        return runner.isSettled();
    }

    /** Returns how many errors of a component coalesced with a recovery. */
    public long coalesced(String component) {
        Component known = components.find(component);
        return known == null ? 0 : known.coalesced();
    }

    long now() {
        return setup.ticker().nanos() - origin;
    }

    /** Returns the clock of windows and timeouts. */
    public Ticker ticker() {
        return setup.ticker();
    }

    ThreadFactory threads() {
        return setup.threads();
    }

    RecoveryRunner runner() {
        return runner;
    }

    QuarantinedComponents quarantine() {
        return quarantine;
    }

    private boolean canRestart(String component) {
        return strategies.canRestart(component);
    }

    boolean isDown(String component) {
        return strategies.isDown(component);
    }

    /** Returns what stands for an error when a reset requests a restart. */
    RecordedError restartRequest(String component) {
        return recorder.restartRequest(component);
    }

    /** Returns the check that a recovery may run: the component's own probe, the one that reported the error, or the plugin's. */
    BuiltInStrategies.@Nullable ProbedCheck checkOf(ErrorRecord error) {
        HealthCheck own = components.recovery(error.component()).probe();
        if (own != null) {
            return new BuiltInStrategies.ProbedCheck(own, false);
        }
        return switch (error.origin()) {
            case ErrorOrigin.Check(String name, ErrorOrigin.Cause _) -> probed(name);
            case ErrorOrigin.Component _ -> probed(error.component());
            case ErrorOrigin.Request _, ErrorOrigin.Job _ -> null;
        };
    }

    private BuiltInStrategies.@Nullable ProbedCheck probed(String check) {
        HealthMonitor monitor = setup.health();
        if (monitor == null) {
            return null;
        }
        HealthCheck probe = monitor.probe(check).orElse(null);
        return probe == null ? null : new BuiltInStrategies.ProbedCheck(probe, isInternal(monitor, check));
    }

    private static boolean isInternal(HealthMonitor monitor, String check) {
        return monitor.snapshot().check(check).filter(CheckReport::isInternal).isPresent();
    }

    /** Returns whether the component is running and its health check, if there is one, is not DOWN. */
    boolean works(String component) {
        if (isDown(component)) {
            return false;
        }
        HealthMonitor monitor = setup.health();
        CheckReport report =
                monitor == null ? null : monitor.snapshot().check(component).orElse(null);
        Health last = report == null || !report.enabled() ? null : report.last();
        return last == null || last.status() == HealthStatus.UP || last.status() == HealthStatus.DEGRADED;
    }
}
