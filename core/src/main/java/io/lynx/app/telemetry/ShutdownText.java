package io.lynx.app.telemetry;

import io.lynx.app.ShutdownReport;
import io.lynx.plugin.PluginState;
import io.lynx.plugin.PluginStatus;
import java.time.Duration;
import java.util.List;

/** Shutdown reports in one line. Stateless. */
public final class ShutdownText {
    private ShutdownText() {}

    /** Returns what is still in progress, for the last line before the process is halted. */
    public static String unfinished(ShutdownReport report, List<PluginStatus> busy) {
        StringBuilder text =
                new StringBuilder("; after ").append(millis(report.took())).append(" ms");
        if (!report.phases().isEmpty()) {
            text.append(" in ").append(report.phases().getLast().name());
        }
        report.plugins().stream()
                .filter(plugin -> plugin.state() == PluginState.ABANDONED)
                .forEach(plugin -> text.append(", ").append(of(plugin)));
        busy.forEach(plugin -> text.append(", ").append(plugin.id()).append(' ').append(plugin.state()));
        return text.toString();
    }

    static String of(ShutdownReport.StoppedPlugin plugin) {
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

    static double millis(Duration duration) {
        return Math.round(duration.toNanos() / 10_000.0) / 100.0;
    }
}
