package io.lynx.app;

import io.lynx.container.PluginObserver;
import io.lynx.plugin.PluginState;
import io.lynx.plugin.PluginStatus;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Says in the log what happens to the application and its plugins. Thread-safe. */
class LifecycleLog implements PluginObserver {
    private static final Logger log = LoggerFactory.getLogger("io.lynx");
    private static final int STACK_LINES = 12;

    @Override
    public void stateChanged(PluginState before, PluginStatus now) {
        switch (now.state()) {
            case RUNNING ->
                log.atInfo()
                        .addKeyValue("plugin", now.id())
                        .addKeyValue("ms", millis(Objects.requireNonNullElse(now.startTime(), Duration.ZERO)))
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

    @Override
    public void startIsSlow(PluginStatus plugin, Duration elapsed, Duration allowed, List<StackTraceElement> stack) {
        log.atWarn()
                .addKeyValue("plugin", plugin.id())
                .addKeyValue("ms", millis(elapsed))
                .addKeyValue("allowed_ms", millis(allowed))
                .addKeyValue(
                        "stack",
                        stack.stream().limit(STACK_LINES).map(Object::toString).toList())
                .log("plugin is still starting");
    }

    @Override
    public void threadDied(PluginStatus plugin, Thread thread, Throwable failure) {
        log.atError()
                .addKeyValue("plugin", plugin.id())
                .addKeyValue("thread", thread.getName())
                .setCause(failure)
                .log("uncaught exception in a plugin's thread");
    }

    void starting(ApplicationConfig identity, List<String> sources) {
        var line = log.atInfo();
        if (identity.banner()) {
            line = line.addKeyValue("java", Runtime.version())
                    .addKeyValue("pid", ProcessHandle.current().pid())
                    .addKeyValue("cpus", Runtime.getRuntime().availableProcessors());
        }
        line.addKeyValue("config", sources).log("{} {} starting", identity.name(), identity.version());
    }

    void warn(String message) {
        log.warn(message);
    }

    void ready(ApplicationConfig identity, List<String> urls, Duration took) {
        log.atInfo().addKeyValue("ms", millis(took)).addKeyValue("urls", urls).log("{} ready", identity.name());
    }

    void reloaded(ReloadReport report) {
        log.atInfo()
                .addKeyValue("applied", report.appliedKeys())
                .addKeyValue("restart_required", report.restartRequiredKeys())
                .log("configuration reloaded");
    }

    void reloadRefused(List<String> problems, @Nullable Throwable cause) {
        log.atWarn()
                .setCause(cause)
                .addKeyValue("problems", problems)
                .log("configuration refused; the one in force stays");
    }

    void reloadPostponed(IllegalStateException reason) {
        log.debug("configuration not reloaded: {}", reason.getMessage());
    }

    void reloadFailed(RuntimeException failure) {
        log.atWarn().setCause(failure).log("configuration not reloaded; the one in force stays");
    }

    void draining(StopTrigger trigger, long inFlight) {
        log.atInfo()
                .addKeyValue("trigger", trigger)
                .addKeyValue("in_flight", inFlight)
                .log("draining");
    }

    void stopped(ShutdownReport report) {
        var line = log.atLevel(report.isClean() ? Level.INFO : Level.WARN)
                .addKeyValue("trigger", report.trigger())
                .addKeyValue("ms", millis(report.took()));
        for (ShutdownReport.Phase phase : report.phases()) {
            line = line.addKeyValue(
                    phase.name().name().toLowerCase(java.util.Locale.ROOT) + "_ms", millis(phase.took()));
        }
        line = line.addKeyValue("in_flight_start", report.inFlightAtStart())
                .addKeyValue("in_flight_end", report.inFlightAtEnd())
                .addKeyValue("requests_failed", report.requestsFailed())
                .addKeyValue("undelivered_events", report.undeliveredEvents())
                .addKeyValue(
                        "plugins",
                        report.plugins().stream().map(LifecycleLog::summary).toList())
                .addKeyValue("exit_code", report.exitCode());
        line.log(report.isClean() ? "stopped" : "stopped, but not cleanly");
    }

    /** For the last line before the process is halted: what is still under way. */
    static String unfinished(ShutdownReport report, List<PluginStatus> busy) {
        StringBuilder text =
                new StringBuilder("; after ").append(millis(report.took())).append(" ms");
        if (!report.phases().isEmpty()) {
            text.append(" in ").append(report.phases().getLast().name());
        }
        report.plugins().stream()
                .filter(plugin -> plugin.state() == PluginState.ABANDONED)
                .forEach(plugin -> text.append(", ").append(summary(plugin)));
        busy.forEach(plugin -> text.append(", ").append(plugin.id()).append(' ').append(plugin.state()));
        return text.toString();
    }

    private static String summary(ShutdownReport.StoppedPlugin plugin) {
        StringBuilder text = new StringBuilder(plugin.id())
                .append(' ')
                .append(plugin.state())
                .append(' ')
                .append(millis(plugin.took()))
                .append("ms");
        if (plugin.failure() != null) {
            text.append(" failed: ").append(plugin.failure());
        }
        if (!plugin.threadsLeft().isEmpty()) {
            text.append(" threads left: ").append(plugin.threadsLeft());
        }
        if (!plugin.stack().isEmpty()) {
            text.append(" (allowed ")
                    .append(millis(plugin.allowed()))
                    .append("ms) hung ")
                    .append(plugin.stack());
        }
        return text.toString();
    }

    private static double millis(Duration duration) {
        return Math.round(duration.toNanos() / 10_000.0) / 100.0;
    }
}
