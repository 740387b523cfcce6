package io.lynx.admin;

import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import io.lynx.app.ApplicationView;
import io.lynx.config.ConfigTable;
import io.lynx.http.HttpException;
import io.lynx.http.Request;
import io.lynx.http.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** The pages under {@code /debug/} that only read. Thread-safe; handlers block. */
final class ReadPages {
    private static final int MOST_LETTERS = 1000;
    private static final int USUAL_LETTERS = 100;

    private final ApplicationView application;
    private final DebugDocuments documents;
    private final ThreadDump threads;

    ReadPages(ApplicationView application, DebugDocuments documents, ThreadDump threads) {
        this.application = application;
        this.documents = documents;
        this.threads = threads;
    }

    List<Operation> operations() {
        return List.of(
                page("breakers", "Circuit breakers: states, modes and totals."),
                page("config", "The effective configuration and the source of each value; ?format=text for a table."),
                page("error-stats", "Errors, recoveries and the state of components."),
                page("events", "Event buses: the counts of each topic and subscription, and the queues."),
                page(
                        "events/dead-letters",
                        "Events whose handlers failed, most recent first; ?limit=1 to 1000, 100 by default."),
                page("health-report", "The effect of errors and recoveries on health."),
                page("info", "The application, its process, its JVM and its host."),
                page("plugins", "Plugins in start order: states, timings, dependencies."),
                page("shutdown-report", "The progress of the shutdown, if there is one."),
                page("threads", "All threads, virtual ones included; ?format=json for JSON."));
    }

    /** Returns the operation of a page. All share one handler class, since no page is requested at the start. */
    private Operation page(String path, String description) {
        return Operation.read(path, description, (request, response) -> send(path, request, response));
    }

    private void send(String path, Request request, Response response) throws IOException, InterruptedException {
        switch (path) {
            case "breakers" -> Documents.send(response, BreakerDocuments.all(application.breakers()));
            case "config" -> sendConfiguration(request, response);
            case "error-stats" ->
                Documents.send(
                        response,
                        ErrorDocuments.errorStats(application.recovery().errorStats()));
            case "events" ->
                Documents.send(
                        response, EventDocuments.buses(application.events().snapshot()));
            case "events/dead-letters" ->
                Documents.send(
                        response,
                        EventDocuments.deadLetters(
                                application.events().deadLetters(),
                                Documents.limit(request, USUAL_LETTERS, MOST_LETTERS)));
            case "health-report" ->
                Documents.send(
                        response,
                        ErrorDocuments.healthReport(application.recovery().healthReport()));
            case "info" -> Documents.send(response, documents.info());
            case "plugins" -> Documents.send(response, documents.plugins());
            case "shutdown-report" -> Documents.send(response, documents.shutdownReport());
            case "threads" -> sendThreads(request, response);
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
