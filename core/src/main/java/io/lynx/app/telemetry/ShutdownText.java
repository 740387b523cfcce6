package io.lynx.app.telemetry;

import io.lynx.app.ShutdownReport;
import io.lynx.app.ShutdownReport.CutOffWork;
import io.lynx.app.ShutdownReport.Step;
import io.lynx.app.ShutdownReport.StoppedPlugin;
import io.lynx.plugin.PluginState;
import java.time.Duration;

/** Shutdown reports in one line. Stateless. */
public final class ShutdownText {
    private ShutdownText() {}

    /** Returns what is still in progress, for the last line before the process is halted. */
    public static String unfinished(ShutdownReport report) {
        StringBuilder text =
                new StringBuilder("; after ").append(millis(report.took())).append(" ms");
        if (!report.steps().isEmpty()) {
            Step current = report.steps().getLast();
            text.append(" in ").append(current.phase());
            if (!current.name().equalsIgnoreCase(current.phase().name())) {
                text.append(" (").append(current.name()).append(')');
            }
        }
        report.plugins().stream()
                .filter(plugin -> plugin.state() != PluginState.STOPPED)
                .forEach(plugin -> text.append(", ").append(of(plugin)));
        report.cutOff().forEach(work -> text.append(", ").append(of(work)));
        return text.toString();
    }

    static double millis(Duration duration) {
        return Math.round(duration.toNanos() / 10_000.0) / 100.0;
    }

    static String of(Step step) {
        String text = step.name() + ' ' + millis(step.took()) + "ms";
        return step.problem() == null ? text : text + ' ' + step.problem();
    }

    static String of(CutOffWork work) {
        String text = work.name() + " after " + millis(work.age()) + "ms";
        return work.stack().isEmpty() ? text : text + ' ' + work.stack();
    }

    static String of(StoppedPlugin plugin) {
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
}
