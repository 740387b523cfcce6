package io.lynx.http.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.extension.UserCode;
import io.lynx.http.HttpHandler;
import io.lynx.http.Interceptor;
import io.lynx.http.RouteOptions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The routes that all groups of one collection share while they are added. Thread-safe. */
public final class RouteList {
    /** A route as it was added; its interceptors are read when the table is built, so their order of adding is free. */
    public record Entry(
            String method,
            Template template,
            RouteOptions options,
            HttpHandler handler,
            List<InterceptorChange> inherited,
            List<InterceptorChange> own,
            @Nullable AcceptedRequests accepted) {
        Entry handler(HttpHandler other) {
            return new Entry(method, template, options, other, inherited, own, null);
        }

        Entry accepted(AcceptedRequests counter) {
            return new Entry(method, template, options, handler, inherited, own, counter);
        }
    }

    @GuardedBy("this")
    private final List<Entry> entries = new ArrayList<>();

    private final List<InterceptorChange> outermost;

    @GuardedBy("this")
    private final RouteTable check = new RouteTable();

    @GuardedBy("this")
    private boolean frozen;

    /** An empty list; {@code outermost} is read when a table is built. */
    public RouteList(List<InterceptorChange> outermost) {
        this.outermost = outermost;
    }

    public synchronized void add(Entry entry) {
        requireOpen(entry.method() + " " + entry.template());
        check.add(new Route(entry.method(), entry.template(), entry.options(), entry.handler(), "", null));
        entries.add(entry);
    }

    public synchronized void intercept(List<InterceptorChange> group, InterceptorChange interceptor) {
        requireOpen("an interceptor");
        group.add(interceptor);
    }

    /** A live view of the outer interceptors followed by the group's. */
    public static List<InterceptorChange> chain(List<InterceptorChange> outer, List<InterceptorChange> group) {
        return new java.util.AbstractList<>() {
            @Override
            public InterceptorChange get(int index) {
                return index < outer.size() ? outer.get(index) : group.get(index - outer.size());
            }

            @Override
            public int size() {
                return outer.size() + group.size();
            }
        };
    }

    /** Accepts no more routes. */
    public synchronized void freeze() {
        frozen = true;
    }

    /** A new table of these routes alone. */
    public RouteTable table() {
        RouteTable table = new RouteTable();
        for (Entry entry : entries()) {
            add(entry, table, List.of(), "");
        }
        table.interceptUnanswered(InterceptorChange.apply(outermost));
        return table;
    }

    /**
     * Adds these routes of the plugin {@code owner} to {@code table}, inside the outermost interceptors of {@code host}.
     *
     * @throws IllegalArgumentException if a method is taken on an equal template
     */
    public void addTo(RouteTable table, RouteList host, String owner) {
        for (Entry entry : entries()) {
            add(entry, table, host.outermost, owner);
        }
    }

    private static void add(Entry entry, RouteTable table, List<InterceptorChange> around, String owner) {
        List<InterceptorChange> changes = new ArrayList<>(around);
        changes.addAll(entry.inherited());
        changes.addAll(entry.own());
        entry.options().removedInterceptors().forEach(name -> changes.add(new InterceptorChange(name, null)));
        HttpHandler handler = wrap(entry.handler(), InterceptorChange.apply(changes));
        table.add(new Route(entry.method(), entry.template(), entry.options(), handler, owner, entry.accepted()));
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

    private RouteList of(List<Entry> others) {
        RouteList list = new RouteList(outermost);
        others.forEach(list::add);
        return list;
    }

    private synchronized List<Entry> entries() {
        return List.copyOf(entries);
    }

    /** The handler inside the interceptors, the first outermost. */
    static HttpHandler wrap(HttpHandler handler, List<Interceptor> interceptors) {
        HttpHandler wrapped = handler;
        for (int i = interceptors.size() - 1; i >= 0; i--) {
            Interceptor interceptor = interceptors.get(i);
            HttpHandler next = telling(wrapped);
            wrapped = (request, response) -> interceptor.intercept(request, response, next);
        }
        return wrapped;
    }

    /** Lets the response know of a failure before it passes through an interceptor. */
    private static HttpHandler telling(HttpHandler handler) {
        return (request, response) -> {
            try {
                handler.handle(request, response);
            } catch (Throwable failure) {
                UserCode.rethrowIfFatal(failure);
                if (response instanceof ServerResponse ours) {
                    ours.failing(Problem.answerTo(failure).status());
                }
                throw failure;
            }
        };
    }

    @GuardedBy("this")
    private void requireOpen(String what) {
        if (frozen) {
            throw new IllegalStateException(
                    "routes: " + what + " comes too late; a running plugin adds routes by HttpServer.ROUTES");
        }
    }
}
