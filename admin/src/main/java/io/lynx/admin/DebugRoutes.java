package io.lynx.admin;

import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import io.lynx.app.ApplicationView;
import io.lynx.config.ConfigTable;
import io.lynx.http.HttpException;
import io.lynx.http.Request;
import io.lynx.http.Response;
import io.lynx.http.Routes;
import io.lynx.metrics.Catalogue;
import io.lynx.metrics.Counter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The pages under {@code /debug/}. Whoever may not see them gets the answer of a path that does not exist, whatever the
 * method and whether or not it does. Thread-safe; handlers block.
 */
final class DebugRoutes {
    private static final List<Operation> OPERATIONS = List.of(
            new Operation("GET", "/debug/", "This list."),
            new Operation("GET", "/debug/breakers", "Circuit breakers: states, modes and totals."),
            new Operation(
                    "GET",
                    "/debug/config",
                    "The effective configuration and where each value is from; ?format=text for a table."),
            new Operation("GET", "/debug/error-stats", "Errors, recoveries and the state of components."),
            new Operation("GET", "/debug/events", "Event buses: what became of every event, and the queues."),
            new Operation(
                    "GET",
                    "/debug/events/dead-letters",
                    "Events that subscribers could not handle, newest first; ?limit=1 to 1000, 100 unless given."),
            new Operation("GET", "/debug/health-report", "What errors and recoveries mean for the health."),
            new Operation("GET", "/debug/info", "The application, its process and what it runs on."),
            new Operation("GET", "/debug/plugins", "Plugins in start order: states, timings, dependencies."),
            new Operation("GET", "/debug/shutdown-report", "How the stop is going, if there is one."),
            new Operation("GET", "/debug/threads", "All threads, virtual ones too; ?format=json for JSON."),
            new Operation("POST", "/debug/breakers/{name}/disable", "Has a breaker admit all calls and count none."),
            new Operation("POST", "/debug/breakers/{name}/force-open", "Has a breaker reject all calls."),
            new Operation(
                    "POST",
                    "/debug/breakers/{name}/metrics-only",
                    "Has a breaker admit and count all calls, and never open."),
            new Operation("POST", "/debug/breakers/{name}/reset", "Closes a breaker and lets calls decide again."),
            new Operation(
                    "POST",
                    "/debug/components/{name}/reset",
                    "Lifts what is held against a component: parking, restarts, critical errors."),
            new Operation(
                    "POST",
                    "/debug/config/reload",
                    "Reads the configuration again, applies what can be and lists what needs a restart."),
            new Operation(
                    "POST",
                    "/debug/events/dead-letters/{id}/replay",
                    "Puts an event into the queue of the subscriber that could not handle it once more."),
            new Operation(
                    "POST",
                    "/debug/plugins/{id}/restart",
                    "Stops a plugin with all that depend on it and starts them again; on the management port."),
            new Operation("POST", "/debug/shutdown", "Asks for a graceful stop."));
    /** What there is to look at, as the paths after {@code /debug/}. */
    private static final Set<String> PAGES = OPERATIONS.stream()
            .filter(operation -> operation.method().equals("GET"))
            .map(operation -> operation.path().substring("/debug/".length()))
            .collect(Collectors.toUnmodifiableSet());

    private static final List<String> METHODS = List.of("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
    private static final int MOST_LETTERS = 1000;
    private static final int USUAL_LETTERS = 100;

    private final ApplicationView application;
    private final AdminConfig config;
    private final Access access;
    private final DebugDocuments documents;
    private final ThreadDump threads;
    private final Changes changes;

    /**
     * The routes of one listener.
     *
     * @param isManagement whether that is the management port, which a restart of any plugin leaves open
     */
    DebugRoutes(
            ApplicationView application, AdminConfig config, Access access, ThreadDump threads, boolean isManagement) {
        this.application = application;
        this.config = config;
        this.access = access;
        this.documents = new DebugDocuments(application);
        this.threads = threads;
        this.changes = new Changes(application, documents, isManagement);
        for (String reason : Access.REASONS) {
            Counter _ = application.metrics().registry().counter(Catalogue.AUTH_FAILURES, AdminPlugin.ID, reason);
        }
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
            application.metrics().recordAuthFailure(AdminPlugin.ID, access.reason(caller));
            throw notFound();
        }
        response.header("Cache-Control", "no-store").header("X-Content-Type-Options", "nosniff");
        Optional<Change> change = Change.of(page);
        if (change.isPresent()) {
            requireMethod(request, "POST");
            requireChangesAllowed(caller);
            changes.make(change.get(), request, response);
            return;
        }
        if (!PAGES.contains(page)) {
            throw notFound();
        }
        requireMethod(request, "GET", "HEAD");
        switch (page) {
            case "breakers" -> sendJson(response, BreakerDocuments.all(application.breakers()));
            case "config" -> sendConfiguration(request, response);
            case "error-stats" ->
                sendJson(
                        response,
                        ErrorDocuments.errorStats(application.recovery().errorStats()));
            case "events" ->
                sendJson(response, EventDocuments.buses(application.events().snapshot()));
            case "events/dead-letters" ->
                sendJson(
                        response,
                        EventDocuments.deadLetters(application.events().deadLetters(), limit(request)));
            case "health-report" ->
                sendJson(
                        response,
                        ErrorDocuments.healthReport(application.recovery().healthReport()));
            case "info" -> sendJson(response, documents.info());
            case "plugins" -> sendJson(response, documents.plugins());
            case "shutdown-report" -> sendJson(response, documents.shutdownReport());
            case "threads" -> sendThreads(request, response);
            default -> sendJson(response, DebugDocuments.index(OPERATIONS, config.allowChanges()));
        }
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
            application.metrics().recordAuthFailure(AdminPlugin.ID, access.reason(caller));
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

    /** What {@code ?limit=} says. */
    private static int limit(Request request) {
        String text = request.query("limit").orElse(Integer.toString(USUAL_LETTERS));
        try {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= MOST_LETTERS) {
                return limit;
            }
        } catch (NumberFormatException notANumber) {
            // as bad as one out of range
        }
        throw new HttpException(400, "limit: '" + text + "'; 1 to " + MOST_LETTERS);
    }
}
