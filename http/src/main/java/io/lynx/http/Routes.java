package io.lynx.http;

import io.lynx.http.engine.InterceptorChange;
import io.lynx.http.engine.RouteList;
import io.lynx.http.engine.RouteTable;
import io.lynx.http.engine.Template;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * The routes of a server, or of one plugin that adds some to it by {@link HttpServer#ROUTES}, as they are collected. Thread-
 * safe.
 *
 * <p>A template is a path of literal segments, variables ({@code /orders/{id}}: one segment, never empty) and at its end
 * perhaps a tail ({@code /files/{path...}}: one or more segments). A literal goes before a variable, a variable before a
 * tail. {@code HEAD} is answered by the {@code GET} route without its body and {@code OPTIONS} with {@code Allow}, unless
 * they have routes of their own.
 */
public final class Routes {
    private final RouteList list;
    private final String prefix;
    private final List<InterceptorChange> inherited;
    private final List<InterceptorChange> own;

    /** No routes yet. */
    public Routes() {
        this.own = new ArrayList<>();
        this.list = new RouteList(own);
        this.prefix = "";
        this.inherited = List.of();
    }

    private Routes(RouteList list, String prefix, List<InterceptorChange> inherited, List<InterceptorChange> own) {
        this.list = list;
        this.prefix = prefix;
        this.inherited = inherited;
        this.own = own;
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
     * @throws IllegalArgumentException if the template is not one, or the method is taken on it; the message says by which
     *     template
     * @throws IllegalStateException if what they are collected for has taken them
     */
    public Routes route(String method, String template, RouteOptions options, HttpHandler handler) {
        Template parsed = Template.of(prefix + template);
        list.add(new RouteList.Entry(method.toUpperCase(Locale.ROOT), parsed, options, handler, inherited, own, null));
        return this;
    }

    /**
     * A group: routes whose templates begin with {@code prefix}, with interceptors of their own inside the outer ones.
     *
     * @throws IllegalArgumentException if the prefix does not begin with a slash, or ends with one
     */
    public Routes path(String prefix, Consumer<Routes> group) {
        if (!prefix.startsWith("/") || prefix.endsWith("/")) {
            throw new IllegalArgumentException(
                    "route group: '" + prefix + "'; it begins with a slash and does not end with one, such as /api");
        }
        group.accept(new Routes(list, this.prefix + prefix, RouteList.chain(inherited, own), new ArrayList<>()));
        return this;
    }

    /**
     * Surrounds every route of this group with {@code interceptor}, those added before it too. The first interceptor is the
     * outermost. Outside of a group it also surrounds the server's own answers, such as 404 and 405.
     *
     * @throws IllegalStateException if the routes are in use already
     */
    public Routes intercept(Interceptor interceptor) {
        list.intercept(own, new InterceptorChange("", interceptor));
        return this;
    }

    /**
     * Does the same under a name. In the place of an interceptor of that name around this group, if there is one; a group or a
     * route inside can replace it in turn, or remove it by {@link #withoutInterceptor} or
     * {@link RouteOptions#withoutInterceptor}.
     *
     * @throws IllegalArgumentException if the name is empty
     * @throws IllegalStateException if the routes are in use already
     */
    public Routes intercept(String name, Interceptor interceptor) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("interceptor: its name is empty; a short word such as 'authentication'");
        }
        list.intercept(own, new InterceptorChange(name, interceptor));
        return this;
    }

    /**
     * Removes the interceptor of that name from this group; has no effect if there is none.
     *
     * @throws IllegalStateException if the routes are in use already
     */
    public Routes withoutInterceptor(String name) {
        list.intercept(own, new InterceptorChange(name, null));
        return this;
    }

    /** Takes no more, and gives the table to look routes up in. */
    RouteTable freeze() {
        list.freeze();
        return list.table();
    }

    RouteList list() {
        return list;
    }
}
