package io.lynx.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.http.engine.AcceptedRequests;
import io.lynx.http.engine.PluginAbsentException;
import io.lynx.http.engine.RouteList;
import io.lynx.http.engine.RouteTable;
import io.lynx.plugin.AcceptedWork;
import io.lynx.plugin.PluginContext;
import io.lynx.time.Deadline;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * The routes of a server: its own and those that plugins add, before it opens or while it is open. Each change builds a new
 * table and puts it in the place of the old one, so a look-up takes no lock. Thread-safe.
 *
 * <p>A plugin owns the routes that it adds. Before it stops, the requests whose heads were read are finished, with half of
 * the time that the stop may take; those that are left then are answered with 503. Until the plugin adds its routes again,
 * new requests are answered with 503 and {@code Retry-After}. So no request reaches an instance that has been stopped.
 */
public final class ServerRoutes {
    /** Answers in the place of a plugin that is being restarted. */
    static final HttpHandler ABSENT = (_, _) -> {
        throw new PluginAbsentException();
    };

    private final RouteList own;

    @GuardedBy("this")
    private final Map<String, RouteList> added = new LinkedHashMap<>();

    private volatile RouteTable table;

    ServerRoutes(Routes own, List<InterceptorChange> server) {
        this.own = own.list();
        this.table = own.freeze(server);
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
        AcceptedRequests accepted = new AcceptedRequests();
        RouteList counted = collected.list().acceptedBy(accepted);
        put(owner.id(), counted);
        AcceptedWork _ = owner.own(new PluginRequests(owner.id(), counted, accepted));
    }

    /** The requests for the routes that a plugin has added in one start. */
    private final class PluginRequests implements AcceptedWork {
        private final String owner;
        private final RouteList routes;
        private final AcceptedRequests accepted;
        private final AtomicBoolean withdrawn = new AtomicBoolean();

        PluginRequests(String owner, RouteList routes, AcceptedRequests accepted) {
            this.owner = owner;
            this.routes = routes;
            this.accepted = accepted;
        }

        @Override
        public void finish(Deadline deadline) throws InterruptedException {
            withdraw();
            accepted.finish(deadline);
        }

        @Override
        public void close() {
            withdraw();
            accepted.refuse();
        }

        private void withdraw() {
            if (withdrawn.compareAndSet(false, true)) {
                replace(owner, routes, routes.answeredBy(ABSENT));
            }
        }
    }

    /** A plugin may add routes several times in one start. They replace the absent ones of an earlier start. */
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

    /** Puts {@code absent} in the place of {@code routes}. */
    private synchronized void replace(String owner, RouteList routes, RouteList absent) {
        RouteList before = added.get(owner);
        if (before != null) {
            added.put(owner, before.minus(routes).and(absent));
            rebuild();
        }
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
