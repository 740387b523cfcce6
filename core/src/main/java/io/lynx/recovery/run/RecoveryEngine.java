package io.lynx.recovery.run;

import io.lynx.context.RequestScope;
import io.lynx.context.Span;
import io.lynx.context.SpanKind;
import io.lynx.context.Tracing;
import io.lynx.extension.Notifier;
import io.lynx.health.CheckReport;
import io.lynx.health.Health;
import io.lynx.health.HealthCheck;
import io.lynx.health.HealthMonitor;
import io.lynx.health.HealthStatus;
import io.lynx.recovery.ErrorClassifier;
import io.lynx.recovery.ErrorOrigin;
import io.lynx.recovery.ErrorRecord;
import io.lynx.recovery.ErrorRecoveryConfig;
import io.lynx.recovery.ErrorRecoveryManager;
import io.lynx.recovery.ErrorStats;
import io.lynx.recovery.RecoveryEvent;
import io.lynx.recovery.Restarter;
import io.lynx.resilience.CircuitBreakers;
import io.lynx.time.Scheduler;
import io.lynx.time.SystemScheduler;
import io.lynx.time.Ticker;
import java.time.InstantSource;
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
 *   RecoveryReports        the numbers and what they mean for health                  on the thread that reads them
 *   RecoveryShutdown       ends the recoveries                                        on the thread that closes
 */

/** Makes the parts of recovery, connects them, and answers what several of them ask. Thread-safe. */
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
            @Nullable CircuitBreakers callBreakers,
            @Nullable HealthMonitor health,
            Restarter restarter,
            Predicate<String> required,
            Consumer<? super String> onShutdown,
            String environment,
            String version,
            @Nullable Tracing tracing) {}

    /** Returns a manager of errors that starts no thread before the first error that needs one. */
    public static ErrorRecoveryManager create(Setup setup) {
        return new ManagedRecovery(new RecoveryEngine(setup), false);
    }

    private RecoveryEngine(Setup setup) {
        this.setup = setup;
        this.config = setup.config();
        this.origin = setup.ticker().nanos();
        this.breakers = setup.breakers();
        ErrorTypeCounts types = new ErrorTypeCounts(config.errorWindow());
        this.history = new ErrorHistory<>(config.maxErrorHistory());
        this.components = new Components(config, this::canRestart);
        this.strategies =
                new StrategyRegistry(setup.restarter(), setup.ticker(), components, this::checkOf, types::reserve);
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
        this.runner = new RecoveryRunner(this, scheduler, log);
        this.recorder = new ErrorRecorder(setup, types, history, components, runner, notifier);
        this.reports = new RecoveryReports(this, setup, types, history, components, log);
        this.shutdown = new RecoveryShutdown(runner, log, scheduler, ownScheduler);
    }

    /** Applies what may change while the application runs. */
    void apply(ErrorRecoveryConfig changed) {
        config = config.withLive(changed);
    }

    /** Runs a recovery in its context, inside a span. */
    void run(RecoveryRun run, RequestScope context, Runnable work) {
        Tracing tracing = setup.tracing();
        Span span = tracing == null || !tracing.isActive()
                ? Span.NONE
                : tracing.begin(SpanKind.INTERNAL, "recover " + run.component().name(), context);
        span.in(context).run(work);
        run.end(span);
    }

    /** Returns the configuration in force. */
    ErrorRecoveryConfig config() {
        return config;
    }

    /** Returns the classifier of exceptions. */
    ErrorClassifier classifier() {
        return setup.classifier();
    }

    /** Returns the number of errors by what became of them. */
    ErrorStats.Totals totals() {
        return new ErrorStats.Totals(
                reports.recorded(),
                history.added(),
                recorder.sampledOut(),
                recorder.rejected(),
                components.overflows());
    }

    /** Returns the number of free slots. */
    int freeSlots() {
        return runner.freeSlots();
    }

    /** Returns whether every error was either dispatched or has nothing to wait for. */
    boolean isSettled() {
        return runner.isSettled();
    }

    /** Returns how many errors of a component coalesced with a recovery. */
    long coalesced(String component) {
        Component known = components.find(component);
        return known == null ? 0 : known.coalesced();
    }

    long now() {
        return setup.ticker().nanos() - origin;
    }

    /** Returns the clock of windows and timeouts. */
    Ticker ticker() {
        return setup.ticker();
    }

    ThreadFactory threads() {
        return setup.threads();
    }

    ErrorRecorder recorder() {
        return recorder;
    }

    StrategyRegistry strategies() {
        return strategies;
    }

    Components components() {
        return components;
    }

    Notifier<RecoveryEvent> notifier() {
        return notifier;
    }

    CircuitBreakers breakers() {
        return breakers;
    }

    RecoveryReports reports() {
        return reports;
    }

    RecoveryLog log() {
        return log;
    }

    RecoveryShutdown shutdown() {
        return shutdown;
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
