package io.lynx.app.telemetry;

import io.lynx.app.ApplicationConfig;
import io.lynx.app.ShutdownReport;
import io.lynx.app.StopTrigger;
import io.lynx.config.ConfigEvent;
import io.lynx.extension.UserCode;
import io.lynx.job.JobOutcome;
import io.lynx.plugin.PluginEvent;
import io.lynx.plugin.PluginState;
import io.lynx.plugin.PluginStatus;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Says in the log what happens to the application and its plugins. Thread-safe. */
public final class LifecycleLog {
    private static final Logger log = LoggerFactory.getLogger("io.lynx");
    private static final int STACK_LINES = 12;

    /** Logs what happened to a plugin. */
    public void on(PluginEvent event) {
        switch (event) {
            case PluginEvent.StateChanged changed -> stateChanged(changed.before(), changed.plugin());
            case PluginEvent.StartSlow slow -> startIsSlow(slow.plugin(), slow.elapsed(), slow.allowed(), slow.stack());
            case PluginEvent.ThreadDied died -> threadDied(died.plugin(), died.thread(), died.failure());
            case PluginEvent.JobFinished finished -> jobFinished(finished);
            case PluginEvent.JobOverdue overdue -> jobOverdue(overdue);
            case PluginEvent.DeadlineExceeded _,
                    PluginEvent.Abandoned _,
                    PluginEvent.LateResult _,
                    PluginEvent.VirtualMachineFailed _ -> {}
        }
    }

    private static void jobFinished(PluginEvent.JobFinished finished) {
        Throwable failure = finished.failure();
        var line = log.atLevel(finished.outcome() == JobOutcome.FAILURE ? Level.WARN : Level.DEBUG)
                .addKeyValue("job", finished.job())
                .addKeyValue("plugin", finished.plugin().id())
                .addKeyValue("ms", ShutdownText.millis(finished.took()));
        if (failure != null) {
            line = line.setCause(UserCode.loggable(failure));
        }
        line.log("Job '{}' ended with {}; it runs again at its next time", finished.job(), finished.outcome());
    }

    private static void jobOverdue(PluginEvent.JobOverdue overdue) {
        log.atWarn()
                .addKeyValue("job", overdue.job())
                .addKeyValue("plugin", overdue.plugin().id())
                .addKeyValue("timeout_ms", ShutdownText.millis(overdue.timeout()))
                .addKeyValue(
                        "stack",
                        overdue.stack().stream()
                                .limit(STACK_LINES)
                                .map(Object::toString)
                                .toList())
                .log("Job '{}' exceeds its time-out; no other run of it begins before this one ends", overdue.job());
    }

    private static void stateChanged(PluginState before, PluginStatus now) {
        switch (now.state()) {
            case RUNNING ->
                log.atInfo()
                        .addKeyValue("plugin", now.id())
                        .addKeyValue(
                                "ms", ShutdownText.millis(Objects.requireNonNullElse(now.startTime(), Duration.ZERO)))
                        .log("plugin started");
            case FAILED, ABANDONED -> failed(before, now);
            case NEW, STARTING, STOPPING, STOPPED ->
                log.atDebug().addKeyValue("plugin", now.id()).log("plugin {} → {}", before, now.state());
        }
    }

    /** A required plugin's failed start is thrown and reported there; here are those that nobody else would report. */
    private static void failed(PluginState before, PluginStatus now) {
        if (before == PluginState.STOPPING
                || (before == PluginState.STARTING && now.descriptor().required())) {
            return;
        }
        log.atWarn()
                .addKeyValue("plugin", now.id())
                .setCause(now.failure())
                .log(
                        before == PluginState.RUNNING
                                ? "plugin failed"
                                : "optional plugin did not start; going on without");
    }

    private static void startIsSlow(
            PluginStatus plugin, Duration elapsed, Duration allowed, List<StackTraceElement> stack) {
        log.atWarn()
                .addKeyValue("plugin", plugin.id())
                .addKeyValue("ms", ShutdownText.millis(elapsed))
                .addKeyValue("allowed_ms", ShutdownText.millis(allowed))
                .addKeyValue(
                        "stack",
                        stack.stream().limit(STACK_LINES).map(Object::toString).toList())
                .log("plugin is still starting");
    }

    private static void threadDied(PluginStatus plugin, String thread, Throwable failure) {
        log.atError()
                .addKeyValue("plugin", plugin.id())
                .addKeyValue("thread", thread)
                .setCause(failure)
                .log("uncaught exception in a plugin's thread");
    }

    public void starting(ApplicationConfig identity, List<String> sources) {
        var line = log.atInfo();
        if (identity.banner()) {
            line = line.addKeyValue("java", Runtime.version())
                    .addKeyValue("pid", ProcessHandle.current().pid())
                    .addKeyValue("cpus", Runtime.getRuntime().availableProcessors());
        }
        line.addKeyValue("config", sources).log("{} {} starting", identity.name(), identity.version());
    }

    public void ready(ApplicationConfig identity, List<String> urls, Duration took) {
        log.atInfo()
                .addKeyValue("ms", ShutdownText.millis(took))
                .addKeyValue("urls", urls)
                .log("{} ready", identity.name());
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
                        .setCause(refused.cause())
                        .addKeyValue("problems", refused.problems())
                        .log("Configuration refused; the one in force stays in force");
            case ConfigEvent.Postponed(IllegalStateException notNow) ->
                log.debug("Configuration not reloaded: {}", notNow.getMessage());
            case ConfigEvent.Postponed(Throwable failure) ->
                log.atWarn().setCause(failure).log("Configuration not reloaded; the one in force stays in force");
        }
    }

    public void draining(StopTrigger trigger, long inFlight) {
        log.atInfo()
                .addKeyValue("trigger", trigger)
                .addKeyValue("in_flight", inFlight)
                .log("draining");
    }

    public void stopped(ShutdownReport report) {
        var line = log.atLevel(report.isClean() ? Level.INFO : Level.WARN)
                .addKeyValue("trigger", report.trigger())
                .addKeyValue("ms", ShutdownText.millis(report.took()));
        for (ShutdownReport.Phase phase : report.phases()) {
            line = line.addKeyValue(
                    phase.name().name().toLowerCase(java.util.Locale.ROOT) + "_ms", ShutdownText.millis(phase.took()));
        }
        line = line.addKeyValue("in_flight_start", report.inFlightAtStart())
                .addKeyValue("in_flight_end", report.inFlightAtEnd())
                .addKeyValue("requests_failed", report.requestsFailed())
                .addKeyValue("undelivered_events", report.undeliveredEvents())
                .addKeyValue(
                        "plugins",
                        report.plugins().stream().map(ShutdownText::of).toList())
                .addKeyValue("exit_code", report.exitCode());
        line.log(report.isClean() ? "stopped" : "stopped, but not cleanly");
    }
}
