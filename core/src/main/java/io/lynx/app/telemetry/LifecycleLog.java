package io.lynx.app.telemetry;

import io.lynx.app.ApplicationConfig;
import io.lynx.app.LifecycleEvent;
import io.lynx.app.ShutdownReport;
import io.lynx.config.ConfigEvent;
import io.lynx.extension.UserCode;
import io.lynx.plugin.PluginEvent;
import io.lynx.plugin.PluginState;
import io.lynx.plugin.PluginStatus;
import io.lynx.time.Ticker;
import java.net.BindException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Logs what happens to the application, its configuration and its plugins. Thread-safe. */
public final class LifecycleLog {
    private static final Logger log = LoggerFactory.getLogger("io.lynx");
    private static final int STACK_LINES = 12;

    private final JobLog jobs;
    private volatile boolean isReady;

    /** Creates a log that has nothing to report yet. */
    public LifecycleLog(Ticker ticker) {
        this.jobs = new JobLog(ticker);
    }

    /** Logs what happened to a plugin. */
    public void on(PluginEvent event) {
        switch (event) {
            case PluginEvent.StateChanged changed -> stateChanged(changed.before(), changed.plugin());
            case PluginEvent.StartSlow slow ->
                log.atWarn()
                        .addKeyValue("plugin", slow.plugin().id())
                        .addKeyValue("ms", ShutdownText.millis(slow.elapsed()))
                        .addKeyValue("allowed_ms", ShutdownText.millis(slow.allowed()))
                        .addKeyValue("stack", frames(slow.stack()))
                        .log("Plugin is still starting");
            case PluginEvent.ThreadDied died ->
                log.atError()
                        .addKeyValue("plugin", died.plugin().id())
                        .addKeyValue("thread", died.thread())
                        .setCause(UserCode.loggable(died.failure()))
                        .log("Uncaught exception in a thread of a plugin");
            case PluginEvent.Abandoned abandoned ->
                log.atWarn()
                        .addKeyValue("plugin", abandoned.plugin().id())
                        .addKeyValue("ms", ShutdownText.millis(abandoned.elapsed()))
                        .addKeyValue("stack", frames(abandoned.stack()))
                        .log(
                                "Plugin was abandoned: its {} does not return",
                                abandoned.operation().name().toLowerCase(Locale.ROOT));
            case PluginEvent.LateResult late ->
                log.atInfo()
                        .addKeyValue("plugin", late.plugin().id())
                        .addKeyValue("ms", ShutdownText.millis(late.elapsed()))
                        .log(
                                "Result of an abandoned {} was discarded",
                                late.operation().name().toLowerCase(Locale.ROOT));
            case PluginEvent.JobFinished finished -> jobs.finished(finished);
            case PluginEvent.JobOverdue overdue ->
                log.atWarn()
                        .addKeyValue("job", overdue.job())
                        .addKeyValue("plugin", overdue.plugin().id())
                        .addKeyValue("timeout_ms", ShutdownText.millis(overdue.timeout()))
                        .addKeyValue("stack", frames(overdue.stack()))
                        .log(
                                "Job '{}' has been running for {} ms; no other run of it begins before this one ends",
                                overdue.job(),
                                overdue.timeout().toMillis());
            case PluginEvent.LeadershipChanged changed ->
                LeadershipLog.log(changed.plugin().id(), changed.change());
            case PluginEvent.DeadlineExceeded _, PluginEvent.VirtualMachineFailed _ -> {}
        }
    }

    static List<String> frames(List<StackTraceElement> stack) {
        return stack.stream().limit(STACK_LINES).map(Object::toString).toList();
    }

    private void stateChanged(PluginState before, PluginStatus now) {
        switch (now.state()) {
            case RUNNING ->
                log.atInfo()
                        .addKeyValue("plugin", now.id())
                        .addKeyValue(
                                "ms", ShutdownText.millis(Objects.requireNonNullElse(now.startTime(), Duration.ZERO)))
                        .log("Plugin started");
            case FAILED, ABANDONED -> failed(before, now);
            case NEW, STARTING, STOPPING, STOPPED ->
                log.atDebug().addKeyValue("plugin", now.id()).log("Plugin changed from {} to {}", before, now.state());
        }
    }

    /** The failed start of a required plugin, or a port that it cannot open then, is thrown and reported where it is caught. */
    private void failed(PluginState before, PluginStatus now) {
        Throwable failure = now.failure();
        boolean isStarting = before == PluginState.STARTING || (!isReady && failure instanceof BindException);
        if (before == PluginState.STOPPING || (isStarting && now.descriptor().required())) {
            return;
        }
        log.atWarn()
                .addKeyValue("plugin", now.id())
                .setCause(loggable(failure))
                .log(
                        before == PluginState.RUNNING
                                ? "Plugin failed"
                                : "Optional plugin failed to start; continuing without it");
    }

    /** Logs what happened to the application. */
    public void on(LifecycleEvent event) {
        switch (event) {
            case LifecycleEvent.Starting starting -> starting(starting.application(), starting.sources());
            case LifecycleEvent.Ready ready -> {
                isReady = true;
                log.atInfo()
                        .addKeyValue("ms", ShutdownText.millis(ready.took()))
                        .addKeyValue("urls", ready.urls())
                        .log("{} ready", ready.application().name());
            }
            case LifecycleEvent.StartFailed _, LifecycleEvent.PhaseEntered _ -> {}
            case LifecycleEvent.ShutdownRequested requested ->
                log.atInfo()
                        .addKeyValue("trigger", requested.trigger())
                        .addKeyValue("in_flight", requested.requestsInFlight())
                        .log("Draining");
            case LifecycleEvent.ShutdownSlow slow ->
                log.atWarn()
                        .addKeyValue("ms", ShutdownText.millis(slow.elapsed()))
                        .addKeyValue("budget_ms", ShutdownText.millis(slow.budget()))
                        .addKeyValue("step", slow.step())
                        .addKeyValue("waiting_for", slow.waitingFor())
                        .log("Shutdown is still in progress");
            case LifecycleEvent.Stopped stopped -> stopped(stopped.report());
        }
    }

    private static void starting(ApplicationConfig identity, List<String> sources) {
        var line = log.atInfo();
        if (identity.banner()) {
            line = line.addKeyValue("java", Runtime.version())
                    .addKeyValue("pid", ProcessHandle.current().pid())
                    .addKeyValue("cpus", Runtime.getRuntime().availableProcessors());
        }
        line.addKeyValue("config", sources).log("{} {} starting", identity.name(), identity.version());
    }

    private static void stopped(ShutdownReport report) {
        var line = log.atLevel(report.isClean() ? Level.INFO : Level.WARN)
                .addKeyValue("trigger", report.trigger())
                .addKeyValue("ms", ShutdownText.millis(report.took()));
        for (ShutdownReport.Phase phase : report.phases()) {
            line = line.addKeyValue(
                    phase.name().name().toLowerCase(Locale.ROOT) + "_ms", ShutdownText.millis(phase.took()));
        }
        line.addKeyValue("steps", report.steps().stream().map(ShutdownText::of).toList())
                .addKeyValue("in_flight_start", report.inFlightAtStart())
                .addKeyValue("in_flight_end", report.inFlightAtEnd())
                .addKeyValue("requests_failed", report.requestsFailed())
                .addKeyValue("long_lived_ended", report.longLivedEnded())
                .addKeyValue(
                        "cut_off",
                        report.cutOff().stream().map(ShutdownText::of).toList())
                .addKeyValue("undelivered_events", report.undeliveredEvents())
                .addKeyValue("undelivered_to", report.undeliveredTo())
                .addKeyValue(
                        "plugins",
                        report.plugins().stream().map(ShutdownText::of).toList())
                .addKeyValue("exit_code", report.exitCode())
                .log(report.isClean() ? "Stopped" : "Stopped uncleanly");
    }

    private static @Nullable Throwable loggable(@Nullable Throwable failure) {
        return failure == null ? null : UserCode.loggable(failure);
    }

    /** Logs what happened to the configuration. */
    public void on(ConfigEvent event) {
        switch (event) {
            case ConfigEvent.Loaded loaded -> loaded.warnings().forEach(log::warn);
            case ConfigEvent.Reloaded reloaded -> {
                reloaded.warnings().forEach(log::warn);
                log.atInfo()
                        .addKeyValue("applied", reloaded.applied())
                        .addKeyValue("restart_required", reloaded.restartRequired())
                        .log("Configuration reloaded");
            }
            case ConfigEvent.Refused refused ->
                log.atWarn()
                        .setCause(loggable(refused.cause()))
                        .addKeyValue("problems", refused.problems())
                        .log("Configuration refused; the one in force stays in force");
            case ConfigEvent.Postponed(IllegalStateException notNow) ->
                log.debug("Configuration not reloaded: {}", notNow.getMessage());
            case ConfigEvent.Postponed(Throwable failure) ->
                log.atWarn()
                        .setCause(UserCode.loggable(failure))
                        .log("Configuration not reloaded; the one in force stays in force");
        }
    }
}
