package io.lynx.admin;

import io.lynx.http.HttpException;
import io.lynx.http.Request;
import io.lynx.http.Response;
import io.lynx.http.RouteOptions;
import io.lynx.http.Routes;
import io.lynx.http.StandardInterceptors;

/**
 * The health pages at their paths: {@code GET} and {@code HEAD}, never cached by proxies. They run on the event loop,
 * except for a caller on this machine that may be a local one: the owner of its connection is read from files.
 * Thread-safe.
 */
final class HealthRoutes {
    private final HealthPages pages;
    private final Callers callers;
    private final RouteOptions options;

    HealthRoutes(HealthPages pages, Callers callers) {
        this.pages = pages;
        this.callers = callers;
        // All probes of a load balancer may come from one address, and without TLS past the proxy that ends it. One
        // that is refused
        // takes the instance out of service.
        this.options = RouteOptions.nonBlocking()
                .withBlockingFor(callers::needsLookup)
                .withoutInterceptor(StandardInterceptors.HTTPS)
                .withoutInterceptor(StandardInterceptors.RATE_LIMIT)
                // Probes have no credentials, and must not depend on a plugin that restarts.
                .withoutInterceptor(StandardInterceptors.AUTHENTICATION)
                .withoutInterceptor(StandardInterceptors.AUTHORIZATION);
    }

    void addTo(Routes routes) {
        add(routes, "/health", Probe.ALL);
        add(routes, "/health/live", Probe.LIVE);
        add(routes, "/livez", Probe.LIVE);
        add(routes, "/health/ready", Probe.READY);
        add(routes, "/readyz", Probe.READY);
        add(routes, "/health/started", Probe.STARTED);
        add(routes, "/startupz", Probe.STARTED);
        routes.get("/health/plugins/{id}", options, this::answerPlugin);
    }

    private void add(Routes routes, String path, Probe probe) {
        routes.get(path, options, (request, response) -> {
            HealthFormat format = HealthFormat.of(request.headers("accept"));
            send(
                    response,
                    format,
                    pages.page(probe, format, callers.identify(request).isTrusted()));
        });
    }

    private void answerPlugin(Request request, Response response) {
        HealthFormat format = HealthFormat.of(request.headers("accept"));
        String id = request.path("id");
        HealthPage page = pages.plugin(id, format, callers.identify(request).isTrusted())
                .orElseThrow(() -> new HttpException(404, "no plugin has this id"));
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
