package io.lynx.admin;

import io.lynx.http.HttpException;
import io.lynx.http.Request;
import io.lynx.http.Response;
import io.lynx.http.RouteOptions;
import io.lynx.http.Routes;
import java.util.function.Predicate;

/**
 * The health pages at their paths: {@code GET} and {@code HEAD}, on the event loop, never cached on the way. Thread-safe.
 */
final class HealthRoutes {
    private final HealthPages pages;
    private final Predicate<Request> isTrusted;

    /**
     * The routes of one listener.
     *
     * @param isTrusted whether a request's sender may see more than statuses
     */
    HealthRoutes(HealthPages pages, Predicate<Request> isTrusted) {
        this.pages = pages;
        this.isTrusted = isTrusted;
    }

    void addTo(Routes routes) {
        add(routes, "/health", Probe.ALL);
        add(routes, "/health/live", Probe.LIVE);
        add(routes, "/livez", Probe.LIVE);
        add(routes, "/health/ready", Probe.READY);
        add(routes, "/readyz", Probe.READY);
        add(routes, "/health/started", Probe.STARTED);
        add(routes, "/startupz", Probe.STARTED);
        routes.get("/health/plugins/{id}", RouteOptions.nonBlocking(), this::answerPlugin);
    }

    private void add(Routes routes, String path, Probe probe) {
        routes.get(path, RouteOptions.nonBlocking(), (request, response) -> {
            HealthFormat format = HealthFormat.of(request.headers("accept"));
            send(response, format, pages.page(probe, format, isTrusted.test(request)));
        });
    }

    private void answerPlugin(Request request, Response response) {
        HealthFormat format = HealthFormat.of(request.headers("accept"));
        String id = request.path("id");
        HealthPage page = pages.plugin(id, format, isTrusted.test(request))
                .orElseThrow(() -> new HttpException(404, "there is no such plugin"));
        send(response, format, page);
    }

    private static void send(Response response, HealthFormat format, HealthPage page) {
        response.status(page.code())
                .type(format.mediaType())
                .header("Cache-Control", "no-store")
                .header("Vary", "Accept")
                .send(page.body());
    }
}
