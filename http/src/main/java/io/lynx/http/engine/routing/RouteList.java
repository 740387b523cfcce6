package io.lynx.http.engine.routing;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.http.HttpHandler;
import io.lynx.http.InterceptorChange;
import io.lynx.http.RouteOptions;
import io.lynx.http.engine.interceptor.BuiltInInterceptor;
import io.lynx.http.engine.interceptor.InterceptorChain;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The routes that all groups of one collection share while they are added. Thread-safe. */
public final class RouteList {
    /**
     * A route as it was added. Its interceptors are read when the table is built, so they may be added after it.
     *
     * @param levels what its groups change about the interceptors, the outermost group first; live
     */
    public record Entry(
            String method,
            Template template,
            RouteOptions options,
            HttpHandler handler,
            List<List<InterceptorChange>> levels,
            @Nullable AcceptedRequests accepted) {
        Entry handler(HttpHandler other) {
            return new Entry(method, template, options, other, levels, null);
        }

        Entry accepted(AcceptedRequests counter) {
            return new Entry(method, template, options, handler, levels, counter);
        }
    }

    @GuardedBy("this")
    private final List<Entry> entries = new ArrayList<>();

    private final List<InterceptorChange> outermost;

    @GuardedBy("this")
    private List<InterceptorChange> server = List.of();

    @GuardedBy("this")
    private List<InterceptorChange> plugins = List.of();

    @GuardedBy("this")
    private final RouteTable check = new RouteTable(InterceptorChain.BUILT_IN);

    @GuardedBy("this")
    private boolean frozen;

    /** An empty list; {@code outermost}, the first level of its routes, is read when a table is built. */
    public RouteList(List<InterceptorChange> outermost) {
        this.outermost = outermost;
    }

    public synchronized void add(Entry entry) {
        requireOpen(entry.method() + " " + entry.template());
        check.add(unowned(entry));
        entries.add(entry);
    }

    private static Route unowned(Entry entry) {
        return new Route(
                entry.method(),
                entry.template(),
                entry.options(),
                entry.handler(),
                InterceptorChain.BUILT_IN,
                "",
                null);
    }

    private synchronized void addIfFree(Entry entry) {
        if (check.addIfFree(unowned(entry)) == null) {
            entries.add(entry);
        }
    }

    public synchronized void intercept(List<InterceptorChange> group, InterceptorChange interceptor) {
        requireOpen("an interceptor");
        group.add(interceptor);
    }

    /** Accepts no more routes; {@code server} is what its server changes about the interceptors. */
    public synchronized void freeze(List<InterceptorChange> server) {
        frozen = true;
        this.server = List.copyOf(server);
    }

    /** Sets what plugins change about the interceptors of the server, which the server's own code can change in turn. */
    public synchronized void surround(List<InterceptorChange> byPlugins) {
        this.plugins = List.copyOf(byPlugins);
    }

    /** A new table of these routes alone. */
    public RouteTable table() {
        List<InterceptorChange> outer = serverLevel();
        RouteTable table = new RouteTable(InterceptorChain.of(List.of(outer)));
        for (Entry entry : entries()) {
            // The first level of the server's own routes is the server's.
            table.add(
                    route(entry, outer, entry.levels().subList(1, entry.levels().size()), ""));
        }
        return table;
    }

    /**
     * Adds these routes of the plugin {@code owner} to {@code table}, inside the server's interceptors of {@code host}.
     *
     * @throws IllegalArgumentException if a method is taken on an equal template
     */
    public void addTo(RouteTable table, RouteList host, String owner) {
        List<InterceptorChange> outer = host.serverLevel();
        for (Entry entry : entries()) {
            table.add(route(entry, outer, entry.levels(), owner));
        }
    }

    /** Adds those of these routes whose methods are not taken on equal templates. */
    public void addFreeTo(RouteTable table, RouteList host, String owner) {
        List<InterceptorChange> outer = host.serverLevel();
        for (Entry entry : entries()) {
            Route _ = table.addIfFree(route(entry, outer, entry.levels(), owner));
        }
    }

    private static Route route(
            Entry entry, List<InterceptorChange> outer, List<List<InterceptorChange>> inner, String owner) {
        List<List<InterceptorChange>> levels = new ArrayList<>();
        levels.add(outer);
        levels.addAll(inner);
        levels.add(entry.options().interceptors());
        InterceptorChain chain = InterceptorChain.of(levels);
        HttpHandler handler = chain.around(entry.handler());
        return new Route(entry.method(), entry.template(), entry.options(), handler, chain, owner, entry.accepted());
    }

    /** What the server begins with, what plugins and the server add, and what was added to its routes outside of a group. */
    private synchronized List<InterceptorChange> serverLevel() {
        List<InterceptorChange> all = new ArrayList<>(BuiltInInterceptor.ALL);
        all.addAll(plugins);
        all.addAll(server);
        all.addAll(outermost);
        return all;
    }

    /** The same routes, all answered by {@code handler} and counted for no plugin. */
    public RouteList answeredBy(HttpHandler handler) {
        return of(entries().stream().map(entry -> entry.handler(handler)).toList());
    }

    /** The same routes, whose requests {@code counter} counts from their head on. */
    public RouteList acceptedBy(AcceptedRequests counter) {
        return of(entries().stream().map(entry -> entry.accepted(counter)).toList());
    }

    /** These routes but those answered by {@code handler}. */
    @SuppressWarnings("ReferenceEquality") // Handlers are told apart by identity.
    public RouteList without(HttpHandler handler) {
        return of(entries().stream().filter(entry -> entry.handler() != handler).toList());
    }

    /** Those of these routes that {@code handler} answers. */
    @SuppressWarnings("ReferenceEquality") // Handlers are told apart by identity.
    public RouteList with(HttpHandler handler) {
        return of(entries().stream().filter(entry -> entry.handler() == handler).toList());
    }

    /** These routes without the very ones of {@code others}. */
    @SuppressWarnings("ReferenceEquality") // Two plugins may add equal routes.
    public RouteList minus(RouteList others) {
        List<Entry> removed = others.entries();
        return of(entries().stream()
                .filter(entry -> removed.stream().noneMatch(other -> other == entry))
                .toList());
    }

    /** These routes and {@code more}. */
    public RouteList and(RouteList more) {
        List<Entry> both = new ArrayList<>(entries());
        both.addAll(more.entries());
        return of(both);
    }

    /** These routes, and those of {@code more} whose methods they do not have on equal templates. */
    public RouteList andFree(RouteList more) {
        RouteList all = of(entries());
        more.entries().forEach(all::addIfFree);
        return all;
    }

    /** Whether requests of some of these routes last for as long as their clients stay. */
    public boolean hasLasting() {
        return entries().stream().anyMatch(entry -> entry.handler() instanceof LastingHandler);
    }

    /** Ends the requests that last for as long as their clients stay. */
    public void finishLasting() {
        for (Entry entry : entries()) {
            if (entry.handler() instanceof LastingHandler lasting) {
                lasting.finish();
            }
        }
    }

    private RouteList of(List<Entry> others) {
        RouteList list = new RouteList(outermost);
        others.forEach(list::add);
        return list;
    }

    private synchronized List<Entry> entries() {
        return List.copyOf(entries);
    }

    @GuardedBy("this")
    private void requireOpen(String what) {
        if (frozen) {
            throw new IllegalStateException(
                    "routes: " + what + " comes too late; a running plugin adds routes by HttpServer.ROUTES");
        }
    }
}
