package io.lynx.admin;

import io.lynx.app.ApplicationView;
import io.lynx.app.StartException;
import io.lynx.app.reload.ReloadReport;
import io.lynx.config.ConfigProblem;
import io.lynx.config.ConfigurationException;
import io.lynx.event.ReplayResult;
import io.lynx.http.HttpException;
import io.lynx.http.Request;
import io.lynx.http.Response;
import io.lynx.http.ValidationException;
import io.lynx.http.ValidationException.FieldError;
import io.lynx.plugin.PluginStatus;
import io.lynx.recovery.ErrorStats;
import io.lynx.resilience.CircuitBreaker;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the changes that operators ask for, once it is clear that they may. Each leaves a line or two in the log named
 * {@code lynx.audit}. Thread-safe; blocks for as long as the change takes.
 */
final class Changes {
    private static final Logger audit = LoggerFactory.getLogger("lynx.audit");

    private final ApplicationView application;
    private final DebugDocuments documents;
    private final boolean isManagement;

    Changes(ApplicationView application, DebugDocuments documents, boolean isManagement) {
        this.application = application;
        this.documents = documents;
        this.isManagement = isManagement;
    }

    void make(Change change, Request request, Response response) throws InterruptedException {
        switch (change) {
            case Change.Shutdown() -> shutDown(request, response);
            case Change.ReloadConfiguration() -> reload(request, response);
            case Change.RestartPlugin(String id) -> restart(id, request, response);
            case Change.SetBreaker(String name, BreakerAction action) -> set(name, action, request, response);
            case Change.ResetComponent(String name) -> reset(name, request, response);
            case Change.ReplayDeadLetter(long id) -> replay(id, request, response);
        }
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

    private void reload(Request request, Response response) {
        try {
            ReloadReport report = application.reload();
            record("reload", "configuration", request, "done");
            sendJson(response, DebugDocuments.reload(report));
        } catch (ConfigurationException refused) {
            record("reload", "configuration", request, "refused");
            throw new ValidationException(
                    refused.problems().stream().map(Changes::error).toList());
        } catch (IllegalStateException notNow) {
            record("reload", "configuration", request, "refused");
            throw new HttpException(409, String.valueOf(notNow.getMessage()), notNow);
        }
    }

    /** A problem's message begins with what it is about. */
    private static FieldError error(ConfigProblem problem) {
        String message = problem.message();
        int colon = message.indexOf(": ");
        return colon < 0
                ? new FieldError("configuration", message)
                : new FieldError(message.substring(0, colon), message.substring(colon + 2));
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
        PluginStatus now = find(id).orElseThrow(
                        () -> new HttpException(404, "plugin: '" + id + "'; there is no such plugin any more"));
        sendJson(response, documents.plugin(now));
    }

    private Optional<PluginStatus> find(String id) {
        return application.plugins().stream()
                .filter(plugin -> Objects.equals(plugin.id(), id))
                .findFirst();
    }

    private void set(String name, BreakerAction action, Request request, Response response) {
        CircuitBreaker breaker = application
                .breakers()
                .find(name)
                .orElseThrow(() -> new HttpException(404, "breaker: '" + name + "'; there is no such breaker"));
        action.applyTo(breaker);
        record("breaker " + action.label(), name, request, "done");
        sendJson(response, BreakerDocuments.one(breaker));
    }

    private void reset(String name, Request request, Response response) {
        if (component(name) == null) {
            throw new HttpException(404, "component: '" + name + "'; no error of such a component is known");
        }
        if (!application.recovery().resetComponent(name)) {
            record("component reset", name, request, "refused");
            throw new HttpException(409, "component: '" + name + "'; a recovery that does not end still holds it");
        }
        record("component reset", name, request, "done");
        ErrorStats.ComponentState now = component(name);
        if (now == null) {
            throw new HttpException(404, "component: '" + name + "'; it was forgotten meanwhile");
        }
        sendJson(response, ErrorDocuments.component(name, now));
    }

    private ErrorStats.@Nullable ComponentState component(String name) {
        return application.recovery().errorStats().components().get(name);
    }

    private void replay(long id, Request request, Response response) {
        String target = Long.toString(id);
        switch (application.events().deadLetters().replay(id)) {
            case ReplayResult.Replayed(var letter) -> {
                record("dead letter replay", target, request, "done");
                sendJson(response, EventDocuments.deadLetter(letter));
            }
            case ReplayResult.NotFound _ ->
                throw new HttpException(404, "dead letter: " + id + "; there is no such letter any more");
            case ReplayResult.NoSubscriber(var letter) -> {
                record("dead letter replay", target, request, "refused");
                throw new HttpException(
                        409,
                        "dead letter: " + id + "; nobody subscribes as '" + letter.subscription()
                                + "' now, so it stays");
            }
            case ReplayResult.Refused(var letter, var reason) -> {
                record("dead letter replay", target, request, "refused");
                throw new HttpException(
                        409,
                        "dead letter: " + id + "; the queue of '" + letter.subscription() + "' did not take it ("
                                + reason.label() + "), so it stays");
            }
        }
    }

    private static void sendJson(Response response, byte[] json) {
        response.type("application/json").send(json);
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
