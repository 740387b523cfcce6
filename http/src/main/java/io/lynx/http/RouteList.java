package io.lynx.http;

import java.util.ArrayList;
import java.util.List;

/** The routes that all groups of one server share while they are collected. Thread-safe. */
final class RouteList {
    /** A route as it was added; its interceptors are read when the table is built, so their order of adding is free. */
    record Entry(
            String method,
            Template template,
            RouteOptions options,
            Handler handler,
            List<Interceptor> inherited,
            List<Interceptor> own) {}

    private final List<Entry> entries = new ArrayList<>();
    private final RouteTable table = new RouteTable();
    private boolean frozen;

    synchronized void add(Entry entry) {
        requireOpen(entry.method() + " " + entry.template());
        table.add(new Route(entry.method(), entry.template(), entry.options(), entry.handler()));
        entries.add(entry);
    }

    synchronized void intercept(List<Interceptor> group, Interceptor interceptor) {
        requireOpen("an interceptor");
        group.add(interceptor);
    }

    /** A live view of the outer interceptors followed by the group's. */
    List<Interceptor> chain(List<Interceptor> outer, List<Interceptor> group) {
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

    synchronized RouteTable freeze(List<Interceptor> outermost) {
        frozen = true;
        RouteTable built = new RouteTable();
        for (Entry entry : entries) {
            Handler handler = wrap(entry.handler(), chain(entry.inherited(), entry.own()));
            built.add(new Route(entry.method(), entry.template(), entry.options(), handler));
        }
        built.interceptUnanswered(List.copyOf(outermost));
        return built;
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

    private void requireOpen(String what) {
        if (frozen) {
            throw new IllegalStateException("routes: " + what
                    + " comes too late; add routes while the application starts, before the server opens");
        }
    }
}
