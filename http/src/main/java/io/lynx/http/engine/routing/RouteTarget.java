package io.lynx.http.engine.routing;

import io.lynx.extension.UserCode;
import io.lynx.http.HttpException;
import io.lynx.http.HttpHandler;
import io.lynx.http.Request;
import io.lynx.http.engine.interceptor.InterceptorChain;
import io.lynx.http.engine.problem.RequestTimeLimit;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What answers a request: a route, or the server itself.
 *
 * @param route null for the server's own answers
 * @param pathValues the values of the route's variables
 * @param handler the handler inside its interceptors
 * @param chain the interceptors
 * @param isNonBlocking whether it runs on the event loop
 */
public record RouteTarget(
        @Nullable Route route,
        List<String> pathValues,
        HttpHandler handler,
        InterceptorChain chain,
        boolean isNonBlocking) {
    /** Stands in until the head has been resolved. */
    public static final RouteTarget NONE =
            new RouteTarget(null, List.of(), (_, _) -> {}, InterceptorChain.BUILT_IN, true);

    static RouteTarget of(Route route, List<String> pathValues) {
        return new RouteTarget(
                route,
                pathValues,
                route.handler(),
                route.chain(),
                route.options().isNonBlocking());
    }

    /** What the server answers itself, inside its interceptors. */
    static RouteTarget server(InterceptorChain chain, HttpHandler handler) {
        boolean isNonBlocking = !chain.surroundsAnswers();
        return new RouteTarget(null, List.of(), chain.around(handler), chain, isNonBlocking);
    }

    /** What refuses a request before its route is known: no interceptor runs for a head that could not be read. */
    public static RouteTarget unresolved(InterceptorChain server, boolean isReadable) {
        InterceptorChain chain = isReadable ? server : server.withoutHandlers();
        return new RouteTarget(null, List.of(), NONE.handler(), chain, !chain.surroundsRefusals());
    }

    /** The template of the route; null for the server's own answers. */
    public @Nullable String template() {
        return route == null ? null : route.template().text();
    }

    /**
     * The value of a variable of the route.
     *
     * @throws IllegalArgumentException if it has no such variable
     */
    public String pathValue(String variable) {
        int index = route == null ? -1 : route.template().variables().indexOf(variable);
        if (index < 0) {
            throw new IllegalArgumentException("path variable: '" + variable + "'; the route "
                    + (route == null ? "of this answer" : route.template().text()) + " has no such variable");
        }
        return pathValues.get(index);
    }

    /** The same on a virtual thread, if its handler or an interceptor may block for {@code request}. */
    public RouteTarget onThread(Request request) {
        if (route == null || !isNonBlocking) {
            return this;
        }
        boolean mayBlock = route.mayBlockForSome()
                && UserCode.call(() -> route.options().mayBlock().test(request), true, _ -> {});
        return mayBlock || chain.mayBlock(request) ? new RouteTarget(route, pathValues, handler, chain, false) : this;
    }

    /** The same with a refusal in place of the handler. */
    public RouteTarget refusing(HttpException refusal) {
        return new RouteTarget(route, pathValues, chain.refusing(refusal), chain, isNonBlocking);
    }

    /**
     * Whether the handler runs before the body has been read: interceptors may answer without it. On the event loop they cannot
     * wait for it.
     */
    public boolean beginsBeforeBody() {
        return !isNonBlocking && !chain.handlers().isEmpty();
    }

    /** Counts the work accepted for the plugin that owns the route; null for the server's own. */
    @Nullable
    public AcceptedRequests accepted() {
        return route == null ? null : route.accepted();
    }

    /** Whether the plugin that owns the route does not answer any more. */
    public boolean isRefused() {
        AcceptedRequests accepted = accepted();
        return accepted != null && accepted.areRefused();
    }

    /** Whether the handler's thread is interrupted when the request is cancelled. */
    public boolean isInterruptible() {
        return route != null && route.options().isInterruptedWhenCancelled();
    }

    /** The largest body, in bytes; {@code usual} if the route does not say. */
    public long maxBody(long usual) {
        return route != null && route.options().maxBodySize().isPresent()
                ? route.options().maxBodySize().get().bytes()
                : usual;
    }

    /** How long a request may take until its answer begins, in nanoseconds; {@code usual} if the route does not say, 0 for no limit. */
    public long timeLimit(long usual) {
        if (!chain.hasDeadline()) {
            return 0;
        }
        Duration own = route == null ? null : route.options().timeout().orElse(null);
        return own == null ? usual : RequestTimeLimit.nanos(own);
    }
}
