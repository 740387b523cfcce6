package io.lynx.app;

import io.lynx.app.ShutdownReport.Phase;
import io.lynx.container.PluginStop;
import io.lynx.container.ThreadStarter;
import io.lynx.extension.UserCode;
import io.lynx.health.HealthSnapshot;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import io.lynx.time.TimedWait;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The shutdown of one application, which happens once: the first request counts. Its coordinator is a platform thread. Thread-
 * safe.
 */
final class ApplicationShutdown {
    private final ApplicationTime time;
    private final ProcessHooks hooks;
    private final AtomicReference<ApplicationState> state;
    private final CompletableFuture<Optional<ApplicationParts>> assembled;
    private final LoggingBackends logging;
    private final Map<String, String> environment;

    private final CompletableFuture<ShutdownTrigger> requested = new CompletableFuture<>();
    private final CompletableFuture<ShutdownReport> stopped = new CompletableFuture<>();
    private volatile @Nullable ShutdownProgress progress;
    private volatile @Nullable ShutdownConfig fixedConfig;
    private volatile int startFailure = ExitCode.OK;

    ApplicationShutdown(
            ApplicationTime time,
            ProcessHooks hooks,
            AtomicReference<ApplicationState> state,
            CompletableFuture<Optional<ApplicationParts>> assembled,
            LoggingBackends logging,
            Map<String, String> environment) {
        this.time = time;
        this.hooks = hooks;
        this.state = state;
        this.assembled = assembled;
        this.logging = logging;
        this.environment = environment;
    }

    /** Sets the exit code of a start that failed. */
    void startFailed(int exitCode) {
        startFailure = exitCode;
    }

    /** Completes when the shutdown is requested. */
    CompletableFuture<ShutdownTrigger> requested() {
        return requested;
    }

    /** Begins the shutdown unless it has begun. Does not wait. */
    void request(ShutdownTrigger trigger) {
        if (!requested.complete(trigger)) {
            return;
        }
        if (state.compareAndSet(ApplicationState.NEW, ApplicationState.STOPPING)) {
            assembled.complete(Optional.empty());
        }
        Instant at = time.clock().instant();
        long startedAt = time.ticker().nanos();
        if (assembled.isDone()) {
            fixedConfig = config(); // A reload that ends at this moment does not change what the process receives.
        }
        Duration budget = config().timeout();
        Deadline latest = Deadline.after(budget, time.ticker());
        hooks.stopping(budget);
        assembled.getNow(Optional.empty()).ifPresent(parts -> {
            leave(ApplicationState.DRAINING);
            parts.health().enter(HealthSnapshot.Phase.STOPPING);
        });
        Thread _ = ThreadStarter.SYSTEM.start(
                Thread.ofPlatform().name("lynx-shutdown"), () -> shutDown(trigger, at, startedAt, latest));
    }

    private ShutdownConfig config() {
        ShutdownConfig fixed = fixedConfig;
        return fixed != null
                ? fixed
                : assembled
                        .getNow(Optional.empty())
                        .map(parts -> parts.config().inForce().get(Blueprint.SHUTDOWN))
                        .orElse(ShutdownConfig.DEFAULTS);
    }

    private void shutDown(ShutdownTrigger trigger, Instant at, long startedAt, Deadline latest) {
        try {
            boolean _ = TimedWait.awaitUninterruptibly(assembled, latest, time.deadlines());
            ShutdownConfig config = config();
            Duration elapsed = Duration.ofNanos(time.ticker().nanos() - startedAt);
            Deadline budget = Deadline.after(config.timeout().minus(elapsed), time.ticker());
            ShutdownProgress recorded = new ShutdownProgress(trigger, at, startedAt, config.timeout(), time.ticker());
            progress = recorded;
            assembled
                    .getNow(Optional.empty())
                    .ifPresent(parts -> shutDown(parts, trigger, config, startedAt, budget, recorded));
            time.close();
            ShutdownReport report = finished(recorded, trigger, config);
            state.set(startFailure == ExitCode.OK ? ApplicationState.STOPPED : ApplicationState.FAILED);
            stopped.complete(report);
        } catch (Throwable failure) {
            state.set(ApplicationState.FAILED);
            stopped.completeExceptionally(failure);
            UserCode.rethrowIfFatal(failure);
        }
    }

    private void shutDown(
            ApplicationParts parts,
            ShutdownTrigger trigger,
            ShutdownConfig config,
            long startedAt,
            Deadline budget,
            ShutdownProgress recorded) {
        boolean wasReady = state.getAndSet(ApplicationState.DRAINING) == ApplicationState.READY;
        boolean wasServing = wasReady || parts.container().traffic().isOpen();
        Duration delay = config.drainDelay().in(environment, config.timeout());
        ShutdownSequence sequence =
                new ShutdownSequence(parts, trigger, config, delay, time, budget, recorded, logging);
        List<Scheduler.Scheduled> alarms = new ArrayList<>();
        for (int percent : new int[] {50, 90}) {
            Duration used = config.timeout().multipliedBy(percent).dividedBy(100);
            Duration elapsed = Duration.ofNanos(time.ticker().nanos() - startedAt);
            alarms.add(time.deadlines().after(used.minus(elapsed), () -> tellWhatIsWaitedFor(parts, recorded)));
        }
        new StepRunner(
                        time,
                        budget,
                        recorded,
                        phase -> enter(parts, phase, budget, () -> requested(parts, trigger, config, recorded)),
                        ThreadStarter.SYSTEM)
                .run(sequence.steps(wasServing, () -> parts.lifecycle()
                        .publish(new LifecycleEvent.Stopped(finished(recorded, trigger, config)))));
        alarms.forEach(Scheduler.Scheduled::cancel);
    }

    private static void requested(
            ApplicationParts parts, ShutdownTrigger trigger, ShutdownConfig config, ShutdownProgress recorded) {
        long inFlight = parts.container().traffic().inFlight();
        recorded.inFlightAtStart(inFlight);
        parts.lifecycle().publish(new LifecycleEvent.ShutdownRequested(trigger, config.timeout(), inFlight));
    }

    private void enter(ApplicationParts parts, Phase.Name phase, Deadline budget, Runnable requested) {
        if (phase == Phase.Name.ANNOUNCE) {
            requested.run();
        }
        if (phase == Phase.Name.PLUGINS) {
            state.set(ApplicationState.STOPPING);
        }
        parts.lifecycle().publish(new LifecycleEvent.PhaseEntered(phase, budget.remaining()));
    }

    /** On a thread of its own, as a listener or the log may hang. */
    private void tellWhatIsWaitedFor(ApplicationParts parts, ShutdownProgress recorded) {
        Thread _ = ThreadStarter.SYSTEM.start(
                Thread.ofPlatform().name("lynx-shutdown-slow").daemon(), () -> {
                    ShutdownReport report = recorded.report(List.of(), false, ExitCode.OK);
                    parts.lifecycle()
                            .publish(new LifecycleEvent.ShutdownSlow(
                                    report.took(),
                                    report.budget(),
                                    recorded.stepName(),
                                    WaitedFor.describe(
                                            parts.container().inProgress(),
                                            parts.container().traffic(),
                                            Deadline.after(report.budget(), time.ticker()))));
                });
    }

    private ShutdownReport finished(ShutdownProgress recorded, ShutdownTrigger trigger, ShutdownConfig config) {
        ShutdownReport report = recorded.report(List.of(), true, ExitCode.OK);
        return recorded.report(List.of(), true, exitCode(report, trigger, config));
    }

    private int exitCode(ShutdownReport report, ShutdownTrigger trigger, ShutdownConfig config) {
        if (startFailure != ExitCode.OK) {
            return startFailure;
        }
        int unlessClean = report.isClean() ? ExitCode.OK : ExitCode.UNCLEAN_SHUTDOWN;
        return switch (trigger) {
            case ShutdownTrigger.SystemExit(Integer status) -> status == null ? ExitCode.OK : status;
            case ShutdownTrigger.RecoveryExhausted _ -> ExitCode.UNAVAILABLE;
            case ShutdownTrigger.Signal signal ->
                report.isClean() && config.exitCode() == ShutdownConfig.OnSignalExit.SIGNAL
                        ? ExitCode.ofSignal(signal.number())
                        : unlessClean;
            case ShutdownTrigger.Request _ -> unlessClean;
            case ShutdownTrigger.StartFailure _ -> report.isClean() ? ExitCode.INTERNAL : ExitCode.UNCLEAN_SHUTDOWN;
        };
    }

    private void leave(ApplicationState next) {
        state.updateAndGet(now -> now.compareTo(next) < 0 ? next : now);
    }

    /** Returns the report as it is now; empty if no shutdown was requested. */
    Optional<ShutdownReport> report() {
        if (stopped.isDone() && !stopped.isCompletedExceptionally()) {
            return Optional.of(stopped.join());
        }
        return Optional.ofNullable(progress).map(recorded -> {
            List<PluginStop> inProgress = assembled
                    .getNow(Optional.empty())
                    .map(parts -> parts.container().inProgress())
                    .orElse(List.of());
            return recorded.report(inProgress, false, ExitCode.OK);
        });
    }

    /**
     * Waits for the end of the shutdown.
     *
     * @throws InterruptedException if interrupted while waiting
     */
    ShutdownReport await() throws InterruptedException {
        try {
            return stopped.get();
        } catch (ExecutionException failure) {
            throw new IllegalStateException("the shutdown failed", failure.getCause());
        }
    }

    /** Waits for the end of the shutdown through interruptions. */
    ShutdownReport join() {
        return stopped.join();
    }
}
