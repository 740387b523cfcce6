package io.lynx.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** The routes that all groups of one collection share while they are added. Thread-safe. */
final class RouteList {
    /** A route as it was added; its interceptors are read when the table is built, so their order of adding is free. */
    record Entry(
            String method,
            Template template,
            RouteOptions options,
            Handler handler,
            List<Interceptor> inherited,
            List<Interceptor> own) {
        Entry handler(Handler other) {
            return new Entry(method, template, options, other, inherited, own);
        }
    }

    @GuardedBy("this")
    private final List<Entry> entries = new ArrayList<>();

    private final List<Interceptor> outermost;

    @GuardedBy("this")
    private final RouteTable check = new RouteTable();

    @GuardedBy("this")
    private boolean frozen;

    /** An empty list; {@code outermost} is read when a table is built. */
    RouteList(List<Interceptor> outermost) {
        this.outermost = outermost;
    }

    synchronized void add(Entry entry) {
        requireOpen(entry.method() + " " + entry.template());
        check.add(new Route(entry.method(), entry.template(), entry.options(), entry.handler(), ""));
        entries.add(entry);
    }

    synchronized void intercept(List<Interceptor> group, Interceptor interceptor) {
        requireOpen("an interceptor");
        group.add(interceptor);
    }

    /** A live view of the outer interceptors followed by the group's. */
    static List<Interceptor> chain(List<Interceptor> outer, List<Interceptor> group) {
        return new java.util.AbstractList<>() {
            @Override
            public Interceptor get(int index) {
                return index < outer.size() ? outer.get(index) : group.get(index - outer.size());
            }

            @Override
            public int size() {
                return outer.size() + group.size();
            }
        };
    }

    /** Takes no more. */
    synchronized void freeze() {
        frozen = true;
    }

    /** A new table of these routes alone. */
    RouteTable table() {
        RouteTable table = new RouteTable();
        for (Entry entry : entries()) {
            add(entry, table, List.of(), "");
        }
        table.interceptUnanswered(List.copyOf(outermost));
        return table;
    }

    /**
     * Adds these routes of the plugin {@code owner} to {@code table}, inside the outermost interceptors of {@code host}.
     *
     * @throws IllegalArgumentException if a method is taken on an equal template
     */
    void addTo(RouteTable table, RouteList host, String owner) {
        for (Entry entry : entries()) {
            add(entry, table, host.outermost, owner);
        }
    }

    private static void add(Entry entry, RouteTable table, List<Interceptor> around, String owner) {
        Handler handler = wrap(wrap(entry.handler(), chain(entry.inherited(), entry.own())), around);
        table.add(new Route(entry.method(), entry.template(), entry.options(), handler, owner));
    }

    /** The same routes with other handlers. */
    RouteList map(UnaryOperator<Handler> change) {
        return of(entries().stream()
                .map(entry -> entry.handler(change.apply(entry.handler())))
                .toList());
    }

    /** These routes but those answered by {@code handler}. */
    @SuppressWarnings("ReferenceEquality") // Handlers are told apart by identity.
    RouteList without(Handler handler) {
        return of(entries().stream().filter(entry -> entry.handler() != handler).toList());
    }

    /** These routes but the very ones of {@code others}. */
    @SuppressWarnings("ReferenceEquality") // Handlers are told apart by identity.
    RouteList minus(RouteList others) {
        List<Handler> handlers = others.entries().stream().map(Entry::handler).toList();
        return of(entries().stream()
                .filter(entry -> handlers.stream().noneMatch(handler -> handler == entry.handler()))
                .toList());
    }

    /** These routes and {@code more}. */
    RouteList and(RouteList more) {
        List<Entry> both = new ArrayList<>(entries());
        both.addAll(more.entries());
        return of(both);
    }

    private RouteList of(List<Entry> others) {
        RouteList list = new RouteList(outermost);
        others.forEach(list::add);
        return list;
    }

    private synchronized List<Entry> entries() {
        return List.copyOf(entries);
    }

    /** The handler inside the interceptors, the first outermost. */
    static Handler wrap(Handler handler, List<Interceptor> interceptors) {
        Handler wrapped = handler;
        for (int i = interceptors.size() - 1; i >= 0; i--) {
            Interceptor interceptor = interceptors.get(i);
            Handler next = wrapped;
            wrapped = (request, response) -> interceptor.intercept(request, response, next);
        }
        return wrapped;
    }

    @GuardedBy("this")
    private void requireOpen(String what) {
        if (frozen) {
            throw new IllegalStateException(
                    "routes: " + what + " comes too late; a plugin that runs adds routes by HttpServer.ROUTES");
        }
    }
}
