package io.lynx.admin;

import io.lynx.http.HttpException;
import io.lynx.http.HttpHandler;
import io.lynx.http.Interceptor;
import io.lynx.http.Request;
import io.lynx.http.Response;
import io.lynx.metrics.Catalogue;
import io.lynx.metrics.Counter;
import io.lynx.metrics.ProductionMetrics;

/**
 * Hides the pages under {@code /debug/}: to a caller that is not trusted every path and method is answered like a path without a
 * resource. Thread-safe.
 */
final class AccessInterceptor implements Interceptor {
    private final Callers callers;
    private final ProductionMetrics metrics;
    private final boolean allowsChanges;

    AccessInterceptor(Callers callers, ProductionMetrics metrics, boolean allowsChanges) {
        this.callers = callers;
        this.metrics = metrics;
        this.allowsChanges = allowsChanges;
        for (String reason : Caller.reasons()) {
            Counter _ = metrics.registry().counter(Catalogue.AUTH_FAILURES, AdminPlugin.ID, reason);
        }
    }

    @Override
    public void intercept(Request request, Response response, HttpHandler next) throws Exception {
        Caller caller = callers.identify(request);
        if (!caller.isTrusted()) {
            metrics.recordAuthFailure(AdminPlugin.ID, caller.reason());
            throw HttpException.notFound();
        }
        response.header("Cache-Control", "no-store").header("X-Content-Type-Options", "nosniff");
        next.handle(request, response);
    }

    /** Returns a handler that makes a change only if changes are allowed, and the caller is not a page of another site. */
    HttpHandler change(HttpHandler change) {
        return (request, response) -> {
            if (!Access.mayChange(callers.identify(request), CallerFacts.of(request))) {
                metrics.recordAuthFailure(AdminPlugin.ID, Caller.FOREIGN_PAGE);
                throw new HttpException(403, "a page of another site cannot change anything here");
            }
            if (!allowsChanges) {
                throw new HttpException(403, "lynx.admin.allow_changes: false; set it to true to allow changes");
            }
            change.handle(request, response);
        };
    }
}
