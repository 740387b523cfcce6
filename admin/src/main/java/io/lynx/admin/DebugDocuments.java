package io.lynx.admin;

import io.lynx.app.ApplicationView;
import io.lynx.app.ShutdownReport;
import io.lynx.config.Config.ConfigEntry;
import io.lynx.config.Masking;
import io.lynx.config.ReloadReport;
import io.lynx.health.HealthSnapshot;
import io.lynx.plugin.Dependency;
import io.lynx.plugin.PluginStatus;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Renders the state of an application as JSON documents. Thread-safe. */
final class DebugDocuments {
    private final ApplicationView application;

    DebugDocuments(ApplicationView application) {
        this.application = application;
    }

    static byte[] index(List<Operation> operations, boolean allowsChanges) {
        JsonWriter json = new JsonWriter()
                .object()
                .member("changes_allowed", allowsChanges)
                .array("operations");
        for (Operation operation : operations) {
            json.object()
                    .member("method", operation.method())
                    .member("path", operation.path())
                    .member("description", operation.description())
                    .endObject();
        }
        return json.endArray().endObject().bytes();
    }

    byte[] plugins() {
        HealthSnapshot health = application.health().snapshot();
        JsonWriter json =
                new JsonWriter().object().member("state", application.state()).array("plugins");
        for (PluginStatus plugin : application.plugins()) {
            write(json, plugin, health);
        }
        return json.endArray().endObject().bytes();
    }

    byte[] plugin(PluginStatus plugin) {
        JsonWriter json = new JsonWriter();
        write(json, plugin, application.health().snapshot());
        return json.bytes();
    }

    private static void write(JsonWriter json, PluginStatus plugin, HealthSnapshot health) {
        json.object()
                .member("id", plugin.id())
                .member("name", plugin.descriptor().name())
                .member("version", plugin.descriptor().version().toString())
                .member("state", plugin.state())
                .member("health", HealthPages.status(plugin.state(), health, plugin.id()))
                .member("stage", plugin.descriptor().stage())
                .member("required", plugin.descriptor().required())
                .member("weight", plugin.descriptor().weight())
                .member("starts_after", plugin.dependencies())
                .array("dependencies");
        for (Dependency dependency : plugin.descriptor().dependencies()) {
            json.object()
                    .member("kind", dependency.kind())
                    .member("id", dependency.id())
                    .member(
                            "versions",
                            dependency.versions().toString().isEmpty()
                                    ? "*"
                                    : dependency.versions().toString())
                    .endObject();
        }
        json.endArray()
                .member("provides", new TreeMap<>(plugin.descriptor().provides()))
                .member("start_ms", millis(plugin.startTime()))
                .member("stop_ms", millis(plugin.stopTime()))
                .member("restarts", plugin.restarts())
                .member(
                        "failure",
                        plugin.failure() == null ? null : plugin.failure().toString())
                .endObject();
    }

    byte[] configuration() {
        JsonWriter json = new JsonWriter().object().array("configuration");
        for (ConfigEntry entry : maskedConfiguration()) {
            json.object()
                    .member("key", entry.key())
                    .member("value", entry.value())
                    .member("default", entry.defaultValue())
                    .member("source", entry.source())
                    .member("doc", entry.doc())
                    .endObject();
        }
        return json.endArray().endObject().bytes();
    }

    /** Returns the configuration with secrets masked, as far as a key or a value identifies them. */
    List<ConfigEntry> maskedConfiguration() {
        return application.configuration().stream()
                .map(entry -> new ConfigEntry(
                        entry.key(),
                        Masking.mask(entry.key(), entry.value()),
                        Masking.mask(entry.key(), entry.defaultValue()),
                        entry.source(),
                        entry.doc()))
                .toList();
    }

    static byte[] reload(ReloadReport report) {
        JsonWriter json = new JsonWriter().object();
        write(json.array("applied"), report.applied(), false);
        write(json.array("restart_required"), report.restartRequired(), true);
        return json.endObject().bytes();
    }

    private static void write(JsonWriter json, List<ReloadReport.Change> changes, boolean needRestart) {
        for (ReloadReport.Change change : changes) {
            json.object()
                    .member("key", change.key())
                    .member("before", masked(change.key(), change.before()))
                    .member("after", masked(change.key(), change.after()))
                    .member("source", change.source());
            if (needRestart) {
                json.member("plugin", change.plugin());
            }
            json.endObject();
        }
        json.endArray();
    }

    byte[] info() {
        Runtime runtime = Runtime.getRuntime();
        return new JsonWriter()
                .object()
                .object("application")
                .member("name", application.identity().name())
                .member("version", application.identity().version())
                .member("host", application.host())
                .member("metadata", new TreeMap<>(application.identity().metadata()))
                .member("state", application.state())
                .member("health", application.health().snapshot().overall())
                .member("started_at", application.startedAt())
                .member("uptime_seconds", application.uptime().toSeconds())
                .member("urls", application.urls())
                .member("requests_in_flight", application.requestsInFlight())
                .endObject()
                .object("process")
                .member("pid", ProcessHandle.current().pid())
                .member("cpus", runtime.availableProcessors())
                .member("heap_used_bytes", runtime.totalMemory() - runtime.freeMemory())
                .member("heap_committed_bytes", runtime.totalMemory())
                .member("heap_max_bytes", runtime.maxMemory())
                .endObject()
                .object("java")
                .member("version", Runtime.version().toString())
                .member("vendor", System.getProperty("java.vendor"))
                .member("vm", System.getProperty("java.vm.name"))
                .endObject()
                .object("os")
                .member("name", System.getProperty("os.name"))
                .member("version", System.getProperty("os.version"))
                .member("arch", System.getProperty("os.arch"))
                .endObject()
                .endObject()
                .bytes();
    }

    byte[] shutdownReport() {
        JsonWriter json = new JsonWriter().object().member("state", application.state());
        ShutdownReport report = application.shutdownReport().orElse(null);
        if (report == null) {
            json.member("report", null);
        } else {
            write(json, report);
        }
        return json.endObject().bytes();
    }

    private static void write(JsonWriter json, ShutdownReport report) {
        json.object("report")
                .member("trigger", report.trigger().toString())
                .member("at", report.at())
                .member("budget_ms", report.budget().toMillis())
                .member("took_ms", report.took().toMillis())
                .member("over", report.isOver())
                .member("clean", report.isClean())
                .member("exit_code", report.isOver() ? report.exitCode() : null)
                .array("phases");
        for (ShutdownReport.Phase phase : report.phases()) {
            json.object()
                    .member("name", phase.name())
                    .member("took_ms", phase.took().toMillis())
                    .endObject();
        }
        json.endArray().array("steps");
        for (ShutdownReport.Step step : report.steps()) {
            json.object()
                    .member("name", step.name())
                    .member("phase", step.phase())
                    .member("took_ms", step.took().toMillis())
                    .member("allowed_ms", step.allowed().toMillis())
                    .member("problem", step.problem())
                    .endObject();
        }
        json.endArray()
                .member("in_flight_at_start", report.inFlightAtStart())
                .member("in_flight_at_end", report.inFlightAtEnd())
                .member("requests_failed", report.requestsFailed())
                .member("long_lived_ended", report.longLivedEnded())
                .array("cut_off");
        for (ShutdownReport.CutOffWork work : report.cutOff()) {
            json.object()
                    .member("route", work.name())
                    .member("age_ms", work.age().toMillis())
                    .member("stack", work.stack())
                    .endObject();
        }
        json.endArray()
                .member("undelivered_events", report.undeliveredEvents())
                .member("undelivered_to", report.undeliveredTo())
                .array("plugins");
        for (ShutdownReport.StoppedPlugin plugin : report.plugins()) {
            json.object()
                    .member("id", plugin.id())
                    .member("state", plugin.state())
                    .member("took_ms", plugin.took().toMillis())
                    .member("allowed_ms", plugin.allowed().toMillis())
                    .member("failure", plugin.failure())
                    .member("threads_left", plugin.threadsLeft())
                    .member("stack", plugin.stack())
                    .endObject();
        }
        json.endArray().endObject();
    }

    private static @Nullable String masked(String key, @Nullable String value) {
        return value == null ? null : Masking.mask(key, value);
    }

    private static @Nullable Long millis(@Nullable Duration duration) {
        return duration == null ? null : duration.toMillis();
    }
}
