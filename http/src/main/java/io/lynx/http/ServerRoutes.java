package io.lynx.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.http.engine.PluginAbsentException;
import io.lynx.http.engine.RouteList;
import io.lynx.http.engine.RouteTable;
import io.lynx.plugin.InFlight;
import io.lynx.plugin.PluginContext;
import io.lynx.time.Deadline;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The routes of a server, its own and those that plugins add, open or not. Each change builds a new table and puts it in
 * the place of the old one, so a look-up takes no lock. Thread-safe.
 *
 * <p>A plugin owns the routes that it adds. When it stops, requests that were accepted for them are waited for, and until it
 * adds its routes again they are answered with 503 and {@code Retry-After}. So a plugin that is restarted is absent for a
 * moment and never leaves the server without its routes.
 */
public final class ServerRoutes {
    /** How long a stopping plugin waits for the requests on its routes. */
    private static final Duration LAST_REQUESTS = Duration.ofSeconds(2);

    /** Answers in the place of a plugin that is being restarted. */
    static final HttpHandler ABSENT = (_, _) -> {
        throw new PluginAbsentException();
    };

    private final RouteList own;

    @GuardedBy("this")
    private final Map<String, RouteList> added = new LinkedHashMap<>();

    private volatile RouteTable table;

    ServerRoutes(Routes own) {
        this.own = own.list();
        this.table = own.freeze();
    }

    /**
     * Adds routes until {@code owner} stops. They replace those that it added before it was restarted.
     *
     * @throws IllegalArgumentException if a template is not one, or a method is taken on it; nothing has changed then
     * @throws IllegalStateException if the owner has stopped
     */
    public void add(PluginContext owner, Consumer<Routes> routes) {
        Routes collected = new Routes();
        routes.accept(collected);
        InFlight accepted = new InFlight();
        RouteList counted = collected.list().acceptedBy(accepted);
        put(owner.id(), counted);
        AutoCloseable _ = owner.own(() -> {
            if (replace(owner.id(), counted, counted.answeredBy(ABSENT))) {
                boolean _ = accepted.awaitNone(Deadline.after(LAST_REQUESTS, owner.ticker()));
            }
        });
    }

    /** A plugin may add routes more than once in a start; what it added in an earlier one is absent and gives way. */
    private synchronized void put(String owner, RouteList routes) {
        RouteList before = added.get(owner);
        added.put(owner, before == null ? routes : before.without(ABSENT).and(routes));
        try {
            rebuild();
        } catch (IllegalArgumentException taken) {
            if (before == null) {
                added.remove(owner);
            } else {
                added.put(owner, before);
            }
            throw taken;
        }
    }

    /** Says whether the routes were still there. */
    private synchronized boolean replace(String owner, RouteList routes, RouteList absent) {
        RouteList before = added.get(owner);
        if (before == null) {
            return false;
        }
        added.put(owner, before.minus(routes).and(absent));
        rebuild();
        return true;
    }

    @GuardedBy("this")
    private void rebuild() {
        RouteTable next = own.table();
        added.forEach((owner, routes) -> routes.addTo(next, own, owner));
        table = next;
    }

    /** The present table. */
    RouteTable table() {
        return table;
    }
}
