package io.lynx.http;

import io.lynx.http.engine.files.StaticHandler;
import io.lynx.http.engine.interceptor.DescribingInterceptor;
import io.lynx.http.engine.interceptor.TypedErrorHook;
import io.lynx.http.engine.routing.RouteList;
import io.lynx.http.engine.routing.RouteTable;
import io.lynx.http.engine.routing.Template;
import io.lynx.http.websocket.WebSocketHandler;
import io.lynx.http.websocket.WebSocketOptions;
import io.lynx.http.websocket.engine.WebSocketRoute;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Collects the routes of a server, or of one plugin that adds some to it by {@link HttpServer#ROUTES}. Thread-safe.
 *
 * <p>A template is a path of literal segments, variables ({@code /orders/{id}}: one segment, never empty) and
 * optionally a tail at its end ({@code /files/{path...}}: one or more segments). A literal takes precedence over
 * a variable, a variable over a tail. {@code HEAD} is answered by the {@code GET} route without its body and {@code OPTIONS} with {@code Allow}, unless
 * they have routes of their own.
 */
public final class Routes {
    private final RouteList list;
    private final String prefix;
    private final List<List<InterceptorChange>> levels;
    private final List<InterceptorChange> own;

    /** Creates a collection without routes. */
    public Routes() {
        this.own = new ArrayList<>();
        this.list = new RouteList(own);
        this.prefix = "";
        this.levels = List.of(own);
    }

    /** A group inside {@code outer}. */
    private Routes(Routes outer, String prefix) {
        this.own = new ArrayList<>();
        this.list = outer.list;
        this.prefix = outer.prefix + prefix;
        List<List<InterceptorChange>> all = new ArrayList<>(outer.levels);
        all.add(own);
        this.levels = List.copyOf(all);
    }

    /** Answers {@code GET}, and {@code HEAD} with it. */
    public Routes get(String template, HttpHandler handler) {
        return route("GET", template, RouteOptions.defaults(), handler);
    }

    /** Answers {@code GET}, and {@code HEAD} with it. */
    public Routes get(String template, RouteOptions options, HttpHandler handler) {
        return route("GET", template, options, handler);
    }

    /** Answers {@code POST}. */
    public Routes post(String template, HttpHandler handler) {
        return route("POST", template, RouteOptions.defaults(), handler);
    }

    /** Answers {@code POST}. */
    public Routes post(String template, RouteOptions options, HttpHandler handler) {
        return route("POST", template, options, handler);
    }

    /** Answers {@code PUT}. */
    public Routes put(String template, HttpHandler handler) {
        return route("PUT", template, RouteOptions.defaults(), handler);
    }

    /** Answers {@code PUT}. */
    public Routes put(String template, RouteOptions options, HttpHandler handler) {
        return route("PUT", template, options, handler);
    }

    /** Answers {@code PATCH}. */
    public Routes patch(String template, HttpHandler handler) {
        return route("PATCH", template, RouteOptions.defaults(), handler);
    }

    /** Answers {@code PATCH}. */
    public Routes patch(String template, RouteOptions options, HttpHandler handler) {
        return route("PATCH", template, options, handler);
    }

    /** Answers {@code DELETE}. */
    public Routes delete(String template, HttpHandler handler) {
        return route("DELETE", template, RouteOptions.defaults(), handler);
    }

    /** Answers {@code DELETE}. */
    public Routes delete(String template, RouteOptions options, HttpHandler handler) {
        return route("DELETE", template, options, handler);
    }

    /** Answers {@code HEAD} where the {@code GET} route should not. */
    public Routes head(String template, HttpHandler handler) {
        return route("HEAD", template, RouteOptions.defaults(), handler);
    }

    /** Answers {@code OPTIONS} in place of the server. */
    public Routes options(String template, HttpHandler handler) {
        return route("OPTIONS", template, RouteOptions.defaults(), handler);
    }

    /**
     * Answers every method that has no route of its own on the template, {@code HEAD}, {@code OPTIONS} and unknown ones included.
     */
    public Routes any(String template, HttpHandler handler) {
        return route(RouteTable.ANY, template, RouteOptions.defaults(), handler);
    }

    /** Answers {@code method}. */
    public Routes route(String method, String template, HttpHandler handler) {
        return route(method, template, RouteOptions.defaults(), handler);
    }

    /**
     * Answers {@code method}.
     *
     * @throws IllegalArgumentException if the template is not one, or the method is taken on it; the message names the
     *     other template
     * @throws IllegalStateException if the routes are in use already
     */
    public Routes route(String method, String template, RouteOptions options, HttpHandler handler) {
        Template parsed = Template.of(prefix + template);
        RouteOptions described = handler instanceof TypedHandler typed ? options.describedBy(typed) : options;
        list.add(new RouteList.Entry(method.toUpperCase(Locale.ROOT), parsed, described, handler, levels, null));
        return this;
    }

    /** Opens WebSockets with the default options; see {@link #webSocket(String, WebSocketOptions, WebSocketHandler)}. */
    public Routes webSocket(String template, WebSocketHandler handler) {
        return webSocket(template, WebSocketOptions.defaults(), handler);
    }

    /**
     * Opens WebSockets, each served by {@code handler}. The interceptors around the route run before the handshake is accepted, and can
     * refuse it by an answer or an {@link HttpException}; they return when the socket is closed. A page of another origin is refused
     * with 403 unless the {@linkplain StandardInterceptors#CORS rules for such pages} allow it, with credentials if it sends some.
     * Other {@code GET} requests are answered with 426. Documents such as that of OpenAPI leave the route out.
     */
    public Routes webSocket(String template, WebSocketOptions options, WebSocketHandler handler) {
        return get(template, RouteOptions.describe(RouteDescription::hide), new WebSocketRoute(options, handler));
    }

    /**
     * Answers {@code GET} and {@code HEAD} for the paths below {@code prefix} with files; an empty prefix stands for all paths without a
     * route of their own.
     *
     * @throws IllegalArgumentException if the prefix ends with a slash, or does not begin with one and is not empty
     */
    public Routes files(String prefix, StaticFiles files) {
        if (!prefix.isEmpty() && (!prefix.startsWith("/") || prefix.endsWith("/"))) {
            throw new IllegalArgumentException("files: '" + prefix
                    + "'; a prefix begins with a slash and does not end with one, such as /assets, or is empty");
        }
        RouteOptions hidden = RouteOptions.describe(RouteDescription::hide);
        if (!(this.prefix + prefix).isEmpty()) {
            get(prefix, hidden, StaticHandler::redirectToDirectory);
        }
        return get(prefix + "/", hidden, files.handler(true)).get(prefix + "/{path...}", hidden, files.handler(false));
    }

    /**
     * Adds a group: routes whose templates begin with {@code prefix}, with interceptors of their own inside the outer ones.
     *
     * @throws IllegalArgumentException if the prefix does not begin with a slash, or ends with one
     */
    public Routes path(String prefix, Consumer<Routes> group) {
        if (!prefix.startsWith("/") || prefix.endsWith("/")) {
            throw new IllegalArgumentException(
                    "route group: '" + prefix + "'; it begins with a slash and does not end with one, such as /api");
        }
        group.accept(new Routes(this, prefix));
        return this;
    }

    /**
     * Surrounds every route of this group with {@code interceptor}, also those added before it. The first interceptor is the
     * outermost, but for those with a {@linkplain StandardInterceptors name that has a place of its own}. Outside of any group, an
     * interceptor of the server's own routes also surrounds what the server answers itself, such as 404 and 405, as if it were
     * added by {@link HttpServer.Builder#interceptors}.
     *
     * @throws IllegalStateException if the routes are in use already
     */
    public Routes intercept(Interceptor interceptor) {
        list.intercept(own, InterceptorChange.add(interceptor));
        return this;
    }

    /**
     * Surrounds every route of this group with {@code interceptor}, which replaces the interceptor of that name around this group
     * if there is one. A group or a route inside can replace it in turn, or remove it by {@link #withoutInterceptor} or
     * {@link RouteOptions#withoutInterceptor}.
     *
     * @throws IllegalArgumentException if the name is empty
     * @throws IllegalStateException if the routes are in use already
     */
    public Routes intercept(String name, Interceptor interceptor) {
        list.intercept(own, InterceptorChange.put(name, interceptor));
        return this;
    }

    /**
     * Removes the interceptor of that name from this group; has no effect if there is none.
     *
     * @throws IllegalStateException if the routes are in use already
     */
    public Routes withoutInterceptor(String name) {
        list.intercept(own, InterceptorChange.remove(name));
        return this;
    }

    /**
     * Sets who may call the routes of this group, in place of the rules of the groups around it and of the server. A group or a route
     * inside can set another rule in turn.
     *
     * @throws IllegalStateException if the routes are in use already
     */
    public Routes access(AccessRule rule) {
        return intercept(StandardInterceptors.AUTHORIZATION, rule);
    }

    /**
     * Adds to the description of every route of this group, such as tags; see {@link RouteOptions#describe}.
     *
     * @throws IllegalStateException if the routes are in use already
     */
    public Routes describe(Consumer<? super RouteDescription> description) {
        return intercept(new DescribingInterceptor(description));
    }

    /**
     * Answers requests of this group that fail with an exception of that type, also if an interceptor or the server itself throws it,
     * such as an {@link HttpException}. Hooks of an inner group come before those of an outer one; in the same group, that of the most
     * specific type comes first. An exception of {@link java.util.concurrent.Future Futures} that wraps another stands for that one.
     * Interceptors see the exception and, by {@link Response#status}, the status of the hook's answer; the headers that they set are part
     * of the answer. Outside of any group, a hook of the server's own routes applies to every route and to what no route answers.
     *
     * <p>If the answer has a status below 500, the exception counts as expected: it is neither logged nor recorded as an error. What the
     * server answers while a handler still runs, such as the 503 at the end of its time, passes by the hooks.
     *
     * @throws IllegalStateException if the routes are in use already
     */
    public <E extends Throwable> Routes onError(Class<E> type, ErrorHook<? super E> hook) {
        return intercept(new TypedErrorHook<>(type, hook));
    }

    /** Accepts no more routes, and returns the table to look them up in, for a server with these interceptors. */
    RouteTable freeze(List<InterceptorChange> server) {
        list.freeze(server);
        return list.table();
    }

    RouteList list() {
        return list;
    }
}
