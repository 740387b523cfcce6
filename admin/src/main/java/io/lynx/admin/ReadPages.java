package io.lynx.admin;

import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import io.lynx.app.ApplicationView;
import io.lynx.config.ConfigTable;
import io.lynx.context.RecentRequest;
import io.lynx.http.HttpException;
import io.lynx.http.Request;
import io.lynx.http.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The pages under {@code /debug/} that only read. Thread-safe; handlers block. */
final class ReadPages {
    private static final String BREAKERS = "breakers";
    private static final String CONFIG = "config";
    private static final String ERROR_STATS = "error-stats";
    private static final String EVENTS = "events";
    private static final String DEAD_LETTERS = "events/dead-letters";
    private static final String HEALTH_REPORT = "health-report";
    private static final String INFO = "info";
    private static final String PLUGINS = "plugins";
    private static final String REQUESTS = "requests";
    private static final String SHUTDOWN_REPORT = "shutdown-report";
    private static final String THREADS = "threads";

    private static final int MOST_LETTERS = 1000;
    private static final int USUAL_LETTERS = 100;
    private static final int MOST_REQUESTS = 128;

    private final ApplicationView application;
    private final DebugDocuments documents;
    private final ThreadDump threads;
    private final Supplier<List<RecentRequest>> requests;

    ReadPages(
            ApplicationView application,
            DebugDocuments documents,
            ThreadDump threads,
            Supplier<List<RecentRequest>> requests) {
        this.application = application;
        this.documents = documents;
        this.threads = threads;
        this.requests = requests;
    }

    List<Operation> operations() {
        return List.of(
                page(BREAKERS, "Circuit breakers: states, modes and totals."),
                page(CONFIG, "The effective configuration and the source of each value; ?format=text for a table."),
                page(ERROR_STATS, "Errors, recoveries and the state of components."),
                page(EVENTS, "Event buses: the counts of each topic and subscription, and the queues."),
                page(
                        DEAD_LETTERS,
                        "Events whose handlers failed, most recent first; ?limit=1 to 1000, 100 by default."),
                page(HEALTH_REPORT, "The effect of errors and recoveries on health."),
                page(INFO, "The application, its process, its JVM and its host."),
                page(PLUGINS, "Plugins in start order: states, timings, dependencies."),
                page(
                        REQUESTS,
                        "Recent requests that failed or were slow, most recent first, with their calls and handlers;"
                                + " ?limit=1 to 128."),
                page(SHUTDOWN_REPORT, "The progress of the shutdown, if there is one."),
                page(THREADS, "All threads, virtual ones included; ?format=json for JSON."));
    }

    /** Returns the operation of a page. All share one handler class, since no page is requested at the start. */
    private Operation page(String path, String description) {
        return Operation.read(path, description, (request, response) -> send(path, request, response));
    }

    private void send(String path, Request request, Response response) throws IOException, InterruptedException {
        switch (path) {
            case BREAKERS ->
                Documents.send(
                        response,
                        BreakerDocuments.all(
                                application.breakers(), application.recovery().breakers()));
            case CONFIG -> sendConfiguration(request, response);
            case ERROR_STATS ->
                Documents.send(
                        response,
                        ErrorDocuments.errorStats(application.recovery().errorStats()));
            case EVENTS ->
                Documents.send(
                        response, EventDocuments.buses(application.events().snapshot()));
            case DEAD_LETTERS ->
                Documents.send(
                        response,
                        EventDocuments.deadLetters(
                                application.events().deadLetters(),
                                Documents.limit(request, USUAL_LETTERS, MOST_LETTERS)));
            case HEALTH_REPORT ->
                Documents.send(
                        response,
                        ErrorDocuments.healthReport(application.recovery().healthReport()));
            case INFO -> Documents.send(response, documents.info());
            case PLUGINS -> Documents.send(response, documents.plugins());
            case REQUESTS ->
                Documents.send(
                        response,
                        RequestDocuments.recent(
                                requests.get(), Documents.limit(request, MOST_REQUESTS, MOST_REQUESTS)));
            case SHUTDOWN_REPORT -> Documents.send(response, documents.shutdownReport());
            case THREADS -> sendThreads(request, response);
            default -> throw HttpException.notFound();
        }
    }

    private void sendConfiguration(Request request, Response response) {
        if (Documents.isAskedFor(request, "text", "json")) {
            response.type("text/plain; charset=utf-8")
                    .send(ConfigTable.print(documents.maskedConfiguration()).getBytes(StandardCharsets.UTF_8));
        } else {
            Documents.send(response, documents.configuration());
        }
    }

    private void sendThreads(Request request, Response response) throws IOException, InterruptedException {
        boolean isJson = Documents.isAskedFor(request, "json", "text");
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
            throw new HttpException(503, "thread dump: another one is in progress", Map.of("Retry-After", "1"));
        }
    }
}
