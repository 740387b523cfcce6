package io.lynx.admin;

import io.lynx.app.ApplicationView;
import io.lynx.config.Masking;
import io.lynx.extension.UserCode;
import io.lynx.http.HttpException;
import io.lynx.http.Request;
import io.lynx.http.Response;
import io.lynx.page.PageAction;
import io.lynx.page.PageContent;
import io.lynx.page.PageRow;
import io.lynx.page.PluginPage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The pages and panels that plugins add through their contexts: {@code /debug/NAME} and {@code /debug/panels/NAME}.
 * They are looked up for each request, so that they follow the plugins. The framework's own pages take precedence.
 * Thread-safe.
 */
final class PluginPageRoutes {
    private final ApplicationView application;

    PluginPageRoutes(ApplicationView application) {
        this.application = application;
    }

    List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        for (PluginPage.Kind kind : PluginPage.Kind.values()) {
            String root = kind == PluginPage.Kind.PAGE ? "" : "panels/";
            operations.add(Operation.read(root + "{page}", "", (request, response) -> show(kind, request, response)));
            operations.add(Operation.change(
                    root + "{page}/{action}", "", (request, response) -> run(kind, request, response)));
        }
        return operations;
    }

    /** Returns the entries of the index for the pages and panels of plugins. */
    List<Operation> listed() {
        return application.pages().stream()
                .map(page -> Operation.read(
                        path(page),
                        (page.kind() == PluginPage.Kind.PAGE ? "Page" : "Panel") + " of the plugin " + page.plugin()
                                + ".",
                        (_, _) -> {}))
                .toList();
    }

    private static String path(PluginPage page) {
        return page.kind() == PluginPage.Kind.PAGE ? page.name() : "panels/" + page.name();
    }

    private void show(PluginPage.Kind kind, Request request, Response response) {
        PluginPage page = find(kind, request.path("page"));
        Documents.send(response, document(page, content(page)));
    }

    private void run(PluginPage.Kind kind, Request request, Response response) {
        PluginPage page = find(kind, request.path("page"));
        String name = request.path("action");
        PageAction action = content(page).actions().stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow(HttpException::notFound);
        String row = request.query("row").orElse("");
        if (action.isPerRow() == row.isEmpty()) {
            throw new HttpException(
                    400,
                    action.isPerRow()
                            ? "row: missing; the action '" + name + "' applies to one row, as ?row="
                            : "row: '" + row + "'; the action '" + name + "' applies to the whole page");
        }
        String target = path(page) + (row.isEmpty() ? "" : " " + row);
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        String done = UserCode.<@Nullable String>call(() -> action.handler().run(row), null, failure::set);
        Throwable failed = failure.get();
        AuditLog.line("page action " + name, target, request).accept(failed == null ? "done" : "failed");
        if (failed != null) {
            throw problem("page '" + page.name() + "': the action '" + name + "' failed", failed);
        }
        Documents.send(
                response,
                new JsonWriter().object().member("result", done).endObject().bytes());
    }

    private PluginPage find(PluginPage.Kind kind, String name) {
        return application.pages().stream()
                .filter(page -> page.kind() == kind && page.name().equals(name))
                .findFirst()
                .orElseThrow(HttpException::notFound);
    }

    private static PageContent content(PluginPage page) {
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        PageContent content =
                UserCode.<@Nullable PageContent>call(() -> page.source().content(), null, failure::set);
        Throwable failed = failure.get();
        if (failed != null) {
            throw problem("page '" + page.name() + "': the plugin " + page.plugin() + " failed to supply it", failed);
        }
        if (content == null) {
            throw new HttpException(
                    500,
                    "page '" + page.name() + "': the plugin " + page.plugin() + " supplied null; content is required");
        }
        return content;
    }

    private static HttpException problem(String what, Throwable failed) {
        return new HttpException(500, what + ": " + Masking.mask(UserCode.describe(failed)), UserCode.loggable(failed));
    }

    private static byte[] document(PluginPage page, PageContent content) {
        JsonWriter json = new JsonWriter()
                .object()
                .member("plugin", page.plugin())
                .member("title", content.title())
                .member("columns", content.columns())
                .array("rows");
        for (PageRow row : content.rows()) {
            json.object().member("id", row.id()).array("cells");
            for (int i = 0; i < row.cells().size(); i++) {
                json.element(content.columns().get(i), row.cells().get(i));
            }
            json.endArray().endObject();
        }
        json.endArray().array("actions");
        for (PageAction action : content.actions()) {
            json.object()
                    .member("name", action.name())
                    .member("label", action.label())
                    .member("per_row", action.isPerRow())
                    .member("path", Operation.ROOT + "/" + path(page) + "/" + action.name())
                    .endObject();
        }
        return json.endArray().endObject().bytes();
    }
}
