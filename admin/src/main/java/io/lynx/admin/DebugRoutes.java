package io.lynx.admin;

import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import io.lynx.app.ApplicationView;
import io.lynx.app.StartException;
import io.lynx.config.ConfigTable;
import io.lynx.http.HttpException;
import io.lynx.http.Request;
import io.lynx.http.Response;
import io.lynx.http.Routes;
import io.lynx.plugin.PluginStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pages under {@code /debug/}. Whoever may not see them gets the answer of a path that does not exist, whatever the
 * method and whether or not it does. Changes leave a line in the log named {@code lynx.audit}. Thread-safe; handlers block.
 */
final class DebugRoutes {
    private static final List<Operation> OPERATIONS = List.of(
            new Operation("GET", "/debug/", "This list."),
            new Operation(
                    "GET",
                    "/debug/config",
                    "The effective configuration and where each value is from; ?format=text for a table."),
            new Operation("GET", "/debug/info", "The application, its process and what it runs on."),
            new Operation("GET", "/debug/plugins", "Plugins in start order: states, timings, dependencies."),
            new Operation("GET", "/debug/shutdown-report", "How the stop is going, if there is one."),
            new Operation("GET", "/debug/threads", "All threads, virtual ones too; ?format=json for JSON."),
            new Operation(
                    "POST",
                    "/debug/plugins/{id}/restart",
                    "Stops a plugin with all that depend on it and starts them again; on the management port."),
            new Operation("POST", "/debug/shutdown", "Asks for a graceful stop."));
    private static final List<String> METHODS = List.of("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
    private static final String RESTART_SUFFIX = "/restart";
    private static final Logger audit = LoggerFactory.getLogger("lynx.audit");

    private final ApplicationView application;
    private final AdminConfig config;
    private final Access access;
    private final DebugDocuments documents;
    private final ThreadDump threads;
    private final boolean isManagement;

    /**
     * The routes of one listener.
     *
     * @param isManagement whether that is the management port, which a restart of any plugin leaves open
     */
    DebugRoutes(
            ApplicationView application,
            AdminConfig config,
            Access access,
            InstantSource clock,
            ThreadDump threads,
            boolean isManagement) {
        this.application = application;
        this.config = config;
        this.access = access;
        this.documents = new DebugDocuments(application, clock);
        this.threads = threads;
        this.isManagement = isManagement;
    }

    void addTo(Routes routes) {
        for (String method : METHODS) {
            routes.route(method, "/debug", (request, response) -> answer(request, response, ""));
            routes.route(method, "/debug/", (request, response) -> answer(request, response, ""));
            routes.route(
                    method, "/debug/{page...}", (request, response) -> answer(request, response, request.path("page")));
        }
    }

    private void answer(Request request, Response response, String page) throws IOException, InterruptedException {
        Caller caller = Callers.of(request);
        if (!access.maySee(caller)) {
            throw notFound();
        }
        response.header("Cache-Control", "no-store").header("X-Content-Type-Options", "nosniff");
        Optional<String> restarted = pluginToRestart(page);
        if (restarted.isPresent() || page.equals("shutdown")) {
            requireMethod(request, "POST");
            requireChangesAllowed(caller);
            if (restarted.isPresent()) {
                restart(restarted.get(), request, response);
            } else {
                shutDown(request, response);
            }
            return;
        }
        switch (page) {
            case "", "config", "info", "plugins", "shutdown-report", "threads" -> requireMethod(request, "GET", "HEAD");
            default -> throw notFound();
        }
        switch (page) {
            case "config" -> sendConfiguration(request, response);
            case "info" -> sendJson(response, documents.info());
            case "plugins" -> sendJson(response, documents.plugins());
            case "shutdown-report" -> sendJson(response, documents.shutdownReport());
            case "threads" -> sendThreads(request, response);
            default -> sendJson(response, DebugDocuments.index(OPERATIONS, config.allowChanges()));
        }
    }

    private static Optional<String> pluginToRestart(String page) {
        if (!page.startsWith("plugins/") || !page.endsWith(RESTART_SUFFIX)) {
            return Optional.empty();
        }
        int end = page.length() - RESTART_SUFFIX.length();
        return end <= "plugins/".length() ? Optional.empty() : Optional.of(page.substring("plugins/".length(), end));
    }

    /** What the server says of a path that no route has. */
    private static HttpException notFound() {
        return new HttpException(404, "nothing is here");
    }

    private static void requireMethod(Request request, String... allowed) {
        if (!List.of(allowed).contains(request.method())) {
            throw new HttpException(
                    405, request.method() + " is not allowed here", Map.of("Allow", String.join(", ", allowed)));
        }
    }

    private void requireChangesAllowed(Caller caller) {
        if (!access.mayChange(caller)) {
            throw new HttpException(403, "a page of another site cannot change anything here");
        }
        if (!config.allowChanges()) {
            throw new HttpException(403, "lynx.admin.allow_changes: false; set it to true to allow changes");
        }
    }

    private static void sendJson(Response response, byte[] json) {
        response.type("application/json").send(json);
    }

    private void sendConfiguration(Request request, Response response) {
        if (isAskedFor(request, "text", "json")) {
            response.type("text/plain; charset=utf-8")
                    .send(ConfigTable.print(application.configuration()).getBytes(StandardCharsets.UTF_8));
        } else {
            sendJson(response, documents.configuration());
        }
    }

    private void sendThreads(Request request, Response response) throws IOException, InterruptedException {
        boolean isJson = isAskedFor(request, "json", "text");
        response.type(isJson ? "application/json" : "text/plain; charset=utf-8");
        boolean isWritten;
        try {
            isWritten = threads.writeTo(response::stream, isJson ? ThreadDumpFormat.JSON : ThreadDumpFormat.TEXT_PLAIN);
        } catch (IOException failed) {
            if (response.isSent()) {
                throw failed;
            }
            throw new HttpException(
                    503,
                    "thread dump: no temporary file in " + System.getProperty("java.io.tmpdir") + " (" + failed + ")");
        }
        if (!isWritten) {
            throw new HttpException(503, "thread dump: another one is under way", Map.of("Retry-After", "1"));
        }
    }

    /** Whether {@code ?format=} asks for {@code special} in place of {@code usual}. */
    private static boolean isAskedFor(Request request, String special, String usual) {
        String format = request.query("format").orElse(usual);
        if (!format.equals(special) && !format.equals(usual)) {
            throw new HttpException(400, "format: '" + format + "'; " + usual + " or " + special);
        }
        return format.equals(special);
    }

    private void restart(String id, Request request, Response response) throws InterruptedException {
        if (find(id).isEmpty()) {
            throw new HttpException(404, "plugin: '" + id + "'; there is no such plugin");
        }
        if (!isManagement || id.equals(AdminPlugin.ID)) {
            throw new HttpException(
                    409,
                    id.equals(AdminPlugin.ID)
                            ? "plugin: '" + id + "'; its restart would cut off this answer"
                            : "a restart could cut off this answer; ask for it on the management port");
        }
        record("restart", id, request, "asked for");
        try {
            application.restart(id);
        } catch (IllegalStateException notNow) {
            record("restart", id, request, "refused");
            throw new HttpException(409, String.valueOf(notNow.getMessage()), notNow);
        } catch (StartException failed) {
            record("restart", id, request, "failed");
            throw new HttpException(500, "plugin: '" + id + "' did not start again: " + failed.getMessage(), failed);
        }
        record("restart", id, request, "done");
        PluginStatus now = find(id).orElseThrow(DebugRoutes::notFound);
        sendJson(response, documents.plugin(now));
    }

    private Optional<PluginStatus> find(String id) {
        return application.plugins().stream()
                .filter(plugin -> Objects.equals(plugin.id(), id))
                .findFirst();
    }

    private void shutDown(Request request, Response response) {
        record("shutdown", "application", request, "asked for");
        application.requestStop(
                "POST /debug/shutdown from " + request.remoteAddress().getHostString());
        response.status(202)
                .type("application/json")
                .send(new JsonWriter()
                        .object()
                        .member("state", application.state())
                        .member("report", "/debug/shutdown-report")
                        .endObject()
                        .bytes());
    }

    private static void record(String action, String target, Request request, String outcome) {
        audit.atInfo()
                .addKeyValue("action", action)
                .addKeyValue("target", target)
                .addKeyValue("outcome", outcome)
                .addKeyValue("peer", request.remoteAddress().getHostString())
                .addKeyValue("request_id", request.id())
                .log("admin: {} of {} {}", action, target, outcome);
    }
}
