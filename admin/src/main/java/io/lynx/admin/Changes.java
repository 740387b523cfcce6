package io.lynx.admin;

import io.lynx.app.ApplicationView;
import io.lynx.config.ConfigurationException;
import io.lynx.config.ConfigurationException.ConfigProblem;
import io.lynx.config.Masking;
import io.lynx.config.ReloadReport;
import io.lynx.event.DeadLetters.ReplayResult;
import io.lynx.http.HttpException;
import io.lynx.http.Request;
import io.lynx.http.Response;
import io.lynx.http.ValidationException;
import io.lynx.http.ValidationException.FieldError;
import io.lynx.plugin.PluginStatus;
import io.lynx.recovery.ErrorStats;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The operations under {@code /debug/} that change something. Each leaves a line or two in the log named {@code lynx.audit}.
 * Thread-safe; handlers block for as long as the change takes.
 */
final class Changes {
    private static final String RESET = "components/{name}/reset";
    private static final String RELOAD = "config/reload";
    private static final String REPLAY = "events/dead-letters/{id}/replay";
    private static final String RESTART = "plugins/{id}/restart";
    private static final String SHUTDOWN = "shutdown";

    /** The state of a plugin of which no error was recorded. */
    private static final ErrorStats.ComponentState NOTHING_TO_RESET = new ErrorStats.ComponentState("ok", 0);

    private final ApplicationView application;
    private final boolean isManagement;
    private final PluginRestarts restarts;

    /**
     * Creates the changes of one listener; {@code isManagement} is true if the restart of any plugin leaves it open.
     */
    Changes(ApplicationView application, DebugDocuments documents, boolean isManagement) {
        this.application = application;
        this.isManagement = isManagement;
        this.restarts = new PluginRestarts(application, documents);
    }

    List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        for (BreakerAction action : BreakerAction.values()) {
            operations.add(Operation.change(
                    "breakers/{name}/" + action.label(),
                    action.description(),
                    (request, response) -> set(request.path("name"), action, request, response)));
        }
        operations.add(
                change(RESET, "Ends the quarantine of a component and clears its restarts and critical errors."));
        operations.add(change(
                RELOAD, "Reads the configuration again, applies what can change now and lists what needs a restart."));
        operations.add(change(REPLAY, "Puts an event into the queue of the subscriber whose handler failed."));
        operations.add(change(
                RESTART,
                "Stops a plugin and everything that depends on it, and starts them again; on the management port."));
        operations.add(change(SHUTDOWN, "Starts a graceful shutdown."));
        return operations;
    }

    /** Returns the operation of a path. All share one handler class, since none is requested at the start. */
    private Operation change(String path, String description) {
        return Operation.change(path, description, (request, response) -> run(path, request, response));
    }

    private void run(String path, Request request, Response response) throws InterruptedException {
        switch (path) {
            case RESET -> reset(request.path("name"), request, response);
            case RELOAD -> reload(request, response);
            case REPLAY -> replay(request.path("id"), request, response);
            case RESTART -> restart(request.path("id"), request, response);
            case SHUTDOWN -> shutDown(request, response);
            default -> throw HttpException.notFound();
        }
    }

    private void shutDown(Request request, Response response) {
        record("shutdown", "application", request, "requested");
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

    private void reload(Request request, Response response) {
        try {
            ReloadReport report = application.reload();
            record("reload", "configuration", request, "done");
            Documents.send(response, DebugDocuments.reload(report));
        } catch (ConfigurationException refused) {
            record("reload", "configuration", request, "refused");
            throw new ValidationException(
                    refused.problems().stream().map(Changes::error).toList());
        } catch (IllegalStateException notNow) {
            record("reload", "configuration", request, "refused");
            throw new HttpException(409, Masking.mask(String.valueOf(notNow.getMessage())), notNow);
        }
    }

    /** Splits the message of a problem, which begins with the key. */
    private static FieldError error(ConfigProblem problem) {
        String message = Masking.mask(problem.message());
        int colon = message.indexOf(": ");
        return colon < 0
                ? new FieldError("configuration", message)
                : new FieldError(message.substring(0, colon), message.substring(colon + 2));
    }

    private void restart(String id, Request request, Response response) throws InterruptedException {
        if (find(id).isEmpty()) {
            throw new HttpException(404, "plugin: '" + id + "'; no plugin has this id");
        }
        if (!isManagement || id.equals(AdminPlugin.ID)) {
            throw new HttpException(
                    409,
                    id.equals(AdminPlugin.ID)
                            ? "plugin: '" + id + "'; its restart would cut off this answer"
                            : "a restart could cut off this answer; send the request to the management port");
        }
        Documents.send(response, restarts.restart(id, AuditLog.line("restart", id, request)));
    }

    private Optional<PluginStatus> find(String id) {
        return application.plugins().stream()
                .filter(plugin -> Objects.equals(plugin.id(), id))
                .findFirst();
    }

    private void set(String name, BreakerAction action, Request request, Response response) {
        NamedBreaker found = NamedBreaker.find(
                        name, application.breakers(), application.recovery().breakers())
                .orElseThrow(() -> new HttpException(404, "breaker: '" + name + "'; no circuit breaker has this name"));
        action.applyTo(found.breaker());
        record("breaker " + action.label(), name, request, "done");
        Documents.send(response, BreakerDocuments.one(found));
    }

    private void reset(String name, Request request, Response response) {
        boolean hasErrors = component(name) != null;
        if (!hasErrors && find(name).isEmpty()) {
            throw new HttpException(
                    404,
                    "component: '" + name + "'; no plugin has this id, and no error of this component was recorded");
        }
        if (!application.recovery().resetComponent(name) && hasErrors) {
            record("component reset", name, request, "refused");
            throw new HttpException(409, "component: '" + name + "'; a recovery that has not ended still holds it");
        }
        ErrorStats.ComponentState now = component(name);
        record("component reset", name, request, now == null ? "done; there was nothing to reset" : "done");
        Documents.send(response, ErrorDocuments.component(name, now == null ? NOTHING_TO_RESET : now));
    }

    private ErrorStats.@Nullable ComponentState component(String name) {
        return application.recovery().errorStats().components().get(name);
    }

    private void replay(String target, Request request, Response response) {
        long id;
        try {
            id = Long.parseLong(target);
        } catch (NumberFormatException notANumber) {
            throw HttpException.notFound();
        }
        switch (application.events().deadLetters().replay(id)) {
            case ReplayResult.Replayed(var letter) -> {
                record("dead letter replay", target, request, "done");
                Documents.send(response, EventDocuments.deadLetter(letter));
            }
            case ReplayResult.NotFound _ ->
                throw new HttpException(404, "dead letter: " + id + "; it does not exist any more");
            case ReplayResult.NoSubscriber(var letter) -> {
                record("dead letter replay", target, request, "refused");
                throw new HttpException(
                        409,
                        "dead letter: " + id + "; no subscription '" + letter.subscription()
                                + "' exists now, so it stays");
            }
            case ReplayResult.Refused(var letter, var reason) -> {
                record("dead letter replay", target, request, "refused");
                throw new HttpException(
                        409,
                        "dead letter: " + id + "; the queue of '" + letter.subscription() + "' refused it ("
                                + reason.label() + "), so it stays");
            }
        }
    }

    private static void record(String action, String target, Request request, String outcome) {
        AuditLog.line(action, target, request).accept(outcome);
    }
}
