package io.lynx.testkit;

import io.lynx.app.ShutdownReport;
import io.lynx.app.ShutdownReport.CutOffWork;
import io.lynx.app.ShutdownReport.Step;
import io.lynx.app.ShutdownReport.StoppedPlugin;
import io.lynx.plugin.PluginState;
import java.util.ArrayList;
import java.util.List;

/** Describes what went wrong in a shutdown, one line for each problem. Stateless. */
final class ShutdownProblems {
    private ShutdownProblems() {}

    static List<String> of(ShutdownReport report) {
        List<String> problems = new ArrayList<>();
        if (report.isOver() && report.took().compareTo(report.budget()) > 0) {
            problems.add("the shutdown took " + report.took().toMillis() + " ms; "
                    + report.budget().toMillis() + " ms were allowed");
        }
        for (StoppedPlugin plugin : report.plugins()) {
            ofPlugin(plugin, problems);
        }
        for (Step step : report.steps()) {
            if (step.problem() != null) {
                problems.add("shutdown step '" + step.name() + "' " + step.problem());
            }
        }
        // A recovery that was cut off does not make the shutdown unclean, and manual time may move past its end.
        List<CutOffWork> cutOff = report.cutOff().stream()
                .filter(work -> work.kind() != CutOffWork.Kind.RECOVERY)
                .toList();
        for (CutOffWork work : cutOff) {
            problems.add("'" + work.name() + "' was cut off after " + work.age().toMillis() + " ms"
                    + StackText.ofLines(work.stack()));
        }
        if (report.requestsFailed() > cutOff.size()) {
            problems.add(report.requestsFailed() + " requests were cut off");
        }
        // What the test itself has not received, such as events of a bus that it paused, is not lost to the
        // application.
        List<String> undelivered = report.undeliveredTo().stream()
                .filter(subscriber -> !subscriber.startsWith(CapturedEvents.SUBSCRIPTION + " "))
                .toList();
        if (!undelivered.isEmpty()) {
            problems.add("events were not delivered: " + String.join(", ", undelivered));
        }
        return problems;
    }

    private static void ofPlugin(StoppedPlugin plugin, List<String> problems) {
        String subject = "plugin '" + plugin.id() + "' ";
        if (plugin.failure() != null) {
            problems.add(subject + "failed to stop: " + plugin.failure() + StackText.ofLines(plugin.stack()));
        } else if (plugin.state() != PluginState.STOPPED) {
            problems.add(subject + "is " + plugin.state() + " after "
                    + plugin.took().toMillis() + " ms" + StackText.ofLines(plugin.stack()));
        }
        for (String thread : plugin.threadsLeft()) {
            problems.add("thread '" + thread + "' of plugin '" + plugin.id() + "' did not end when the plugin stopped");
        }
    }
}
