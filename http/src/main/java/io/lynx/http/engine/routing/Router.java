package io.lynx.http.engine.routing;

import io.lynx.http.HttpException;
import io.lynx.http.engine.head.Path;
import io.lynx.http.engine.head.Target;
import io.lynx.http.engine.interceptor.CorsInterceptor;
import io.lynx.http.engine.interceptor.InterceptorChain;
import io.lynx.transport.Head;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Finds what answers a request, in the table of routes of the moment. Thread-safe. */
public final class Router {
    private final Supplier<RouteTable> routes;

    /** Finds routes in the table that {@code routes} returns, which is another one after each change. */
    public Router(Supplier<RouteTable> routes) {
        this.routes = routes;
    }

    /**
     * What answers a request. The work is counted as accepted for the plugin that owns the route.
     *
     * @throws HttpException if the path is malformed
     */
    public RouteTarget target(Head head) {
        Path path = BuiltInResponses.isToServer(head) ? null : Path.of(Target.path(head.target()));
        while (true) {
            RouteTable table = routes.get();
            RouteTable.Match match = path == null ? null : table.find(path);
            Route route = match == null ? null : match.route(head.method());
            if (match != null && route == null && isPreflight(head)) {
                route = preflighted(match, head, table.server());
                if (route != null) {
                    return RouteTarget.server(route.chain(), BuiltInResponses.to(head, match));
                }
            }
            if (match == null || route == null) {
                return RouteTarget.server(table.server(), BuiltInResponses.to(head, match));
            }
            AcceptedRequests accepted = route.accepted();
            if (accepted == null) {
                return RouteTarget.of(route, match.values());
            }
            accepted.begin();
            if (table.equals(routes.get())) {
                return RouteTarget.of(route, match.values());
            }
            // Its plugin may have stopped in between.
            accepted.end();
        }
    }

    private static boolean isPreflight(Head head) {
        return CorsInterceptor.isPreflight(head.method(), head.headers(CorsInterceptor.REQUEST_METHOD));
    }

    /**
     * The route that a preflight request is for, if its interceptors or those of the server answer such requests; null otherwise. Those of
     * the server must not answer for a route that is without them.
     */
    private static @Nullable Route preflighted(RouteTable.Match match, Head head, InterceptorChain server) {
        String method = head.header(CorsInterceptor.REQUEST_METHOD);
        Route route = method == null ? null : match.route(method);
        boolean isAnswered = route != null && (route.chain().answersPreflight() || server.answersPreflight());
        return isAnswered ? route : null;
    }

    /** The interceptors around what no route answers. */
    public InterceptorChain serverChain() {
        return routes.get().server();
    }
}
