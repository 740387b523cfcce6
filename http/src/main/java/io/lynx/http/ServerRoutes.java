package io.lynx.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.extension.Registration;
import io.lynx.http.engine.problem.PluginAbsentException;
import io.lynx.http.engine.routing.AcceptedRequests;
import io.lynx.http.engine.routing.RouteList;
import io.lynx.http.engine.routing.RouteTable;
import io.lynx.json.JsonCodec;
import io.lynx.plugin.AcceptedWork;
import io.lynx.plugin.PluginContext;
import io.lynx.time.Deadline;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The routes of a server: its own and those that plugins add, before it opens or while it is open. Each change builds a new
 * table and puts it in the place of the old one, so a look-up takes no lock. Thread-safe.
 *
 * <p>A plugin owns the routes that it adds. Before it stops, the requests whose heads were read are finished, with half of
 * the time that the stop may take; those that are left then are answered with 503. Until the plugin adds its routes again,
 * new requests are answered with 503 and {@code Retry-After}. So no request reaches an instance that has been stopped. This holds
 * as well when the server is restarted with the plugin, and when a start of the plugin fails after it has added some of them.
 */
public final class ServerRoutes {
    /** Answers in the place of a plugin that is being restarted. */
    static final HttpHandler ABSENT = (_, _) -> {
        throw new PluginAbsentException();
    };

    /** Refuses what would pass through an interceptor of a plugin that is being restarted. */
    private static final Interceptor NOT_RUNNING = (_, _, _) -> {
        throw new PluginAbsentException();
    };

    private final RouteList own;
    private final boolean isSecure;

    @GuardedBy("this")
    private final Map<String, RouteList> added = new LinkedHashMap<>();

    /** What plugins have added around all requests, by the plugin; the names remain when it has stopped. */
    @GuardedBy("this")
    private final Map<String, Map<String, InterceptorChange>> surrounding = new LinkedHashMap<>();

    private final JsonCodec json;

    private volatile RouteTable table;
    private volatile @Nullable RouteDescriptions described;

    ServerRoutes(Routes own, List<InterceptorChange> server) {
        this(own, server, JsonCodec.installed(), false, null);
    }

    /**
     * Creates the routes of a server.
     *
     * @param json reads and writes the JSON of requests and answers
     * @param isSecure whether its listener uses TLS
     * @param before those of its earlier start; null if there was none. What plugins had added, around them or to them, is absent until
     *     they add it again: no request passes without an interceptor, and none finds that there is no such route
     */
    ServerRoutes(
            Routes own,
            List<InterceptorChange> server,
            JsonCodec json,
            boolean isSecure,
            @Nullable ServerRoutes before) {
        this.own = own.list();
        this.json = json;
        this.isSecure = isSecure;
        if (before != null) {
            before.copyAbsent(surrounding, added);
        }
        this.own.surround(changes(surrounding));
        this.table = own.freeze(server);
        rebuild();
    }

    private synchronized void copyAbsent(
            Map<String, Map<String, InterceptorChange>> later, Map<String, RouteList> laterAdded) {
        added.forEach((owner, routes) -> laterAdded.put(owner, routes.answeredBy(ABSENT)));
        surrounding.forEach((owner, named) -> {
            Map<String, InterceptorChange> absent = new LinkedHashMap<>(named);
            absent.replaceAll((name, _) -> absent(name));
            later.put(owner, absent);
        });
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
        RouteList replaced = put(owner.id(), counted);
        AcceptedWork _ = owner.own(new PluginRequests(owner.id(), counted, accepted, replaced));
    }

    /** Ends the requests of the server's own routes that last for as long as their clients stay, when {@code server} stops. */
    void finishWith(PluginContext server) {
        if (own.hasLasting()) {
            Registration _ = server.own(own::finishLasting);
        }
    }

    /**
     * Surrounds every request of the server with an interceptor, as {@link HttpServer.Builder#interceptors} does, until {@code owner}
     * stops. It replaces the one of that name that {@code owner} added before. While the plugin is restarted, the requests that would pass
     * through the interceptor are answered with 503, so that none passes by it.
     *
     * @param name by which the server's code, a group or a route can replace or remove it
     * @throws IllegalArgumentException if the name is empty
     * @throws IllegalStateException if the owner has stopped
     */
    public void intercept(PluginContext owner, String name, Interceptor interceptor) {
        String id = owner.id();
        surround(id, InterceptorChange.put(name, interceptor));
        Registration _ = owner.own(() -> withdraw(id, name, interceptor));
    }

    private synchronized void surround(String owner, InterceptorChange change) {
        surrounding.computeIfAbsent(owner, _ -> new LinkedHashMap<>()).put(change.name(), change);
        rebuild();
    }

    @SuppressWarnings("ReferenceEquality") // The plugin may have started again.
    private synchronized void withdraw(String owner, String name, Interceptor interceptor) {
        Map<String, InterceptorChange> named = surrounding.getOrDefault(owner, Map.of());
        InterceptorChange present = named.get(name);
        if (present != null && present.interceptor() == interceptor) {
            named.put(name, absent(name));
            rebuild();
        }
    }

    private static InterceptorChange absent(String name) {
        return InterceptorChange.put(name, NOT_RUNNING);
    }

    private static List<InterceptorChange> changes(Map<String, Map<String, InterceptorChange>> surrounding) {
        List<InterceptorChange> all = new ArrayList<>();
        surrounding.values().forEach(named -> all.addAll(named.values()));
        return all;
    }

    /** The requests for the routes that a plugin has added in one start. */
    private final class PluginRequests implements AcceptedWork {
        private final String owner;
        private final RouteList routes;
        private final AcceptedRequests accepted;
        private final AtomicBoolean withdrawn = new AtomicBoolean();

        /** The absent routes of an earlier start, which are absent again if this start fails before it has added all of its own. */
        private final RouteList replaced;

        PluginRequests(String owner, RouteList routes, AcceptedRequests accepted, RouteList replaced) {
            this.owner = owner;
            this.routes = routes;
            this.accepted = accepted;
            this.replaced = replaced;
        }

        @Override
        public void finish(Deadline deadline) throws InterruptedException {
            withdraw(routes.answeredBy(ABSENT));
            routes.finishLasting();
            accepted.finish(deadline);
        }

        /** Follows {@link #finish}, unless the start has failed. */
        @Override
        public void close() {
            withdraw(routes.answeredBy(ABSENT).andFree(replaced));
            routes.finishLasting();
            accepted.refuse();
        }

        private void withdraw(RouteList absent) {
            if (withdrawn.compareAndSet(false, true)) {
                replace(owner, routes, absent);
            }
        }
    }

    /**
     * Adds routes. A plugin may do so several times in one start; they replace the absent ones of an earlier start.
     *
     * @return the absent ones
     */
    private synchronized RouteList put(String owner, RouteList routes) {
        RouteList before = added.getOrDefault(owner, new Routes().list());
        RouteList absent = before.with(ABSENT);
        added.put(owner, before.without(ABSENT).and(routes));
        try {
            rebuild();
        } catch (IllegalArgumentException taken) {
            added.put(owner, before);
            throw taken;
        }
        return absent;
    }

    /** Puts {@code absent} in the place of {@code routes}. */
    private synchronized void replace(String owner, RouteList routes, RouteList absent) {
        RouteList before = added.get(owner);
        if (before != null) {
            added.put(owner, before.minus(routes).andFree(absent));
            rebuild();
        }
    }

    /** Absent routes give way to others: what a plugin had before a restart may be another's, or the server's own, after it. */
    @GuardedBy("this")
    private void rebuild() {
        own.surround(changes(surrounding));
        RouteTable next = own.table();
        added.forEach((owner, routes) -> routes.without(ABSENT).addTo(next, own, owner));
        added.forEach((owner, routes) -> routes.with(ABSENT).addFreeTo(next, own, owner));
        table = next;
    }

    /** Returns whether the server's listener uses TLS. */
    public boolean isSecure() {
        return isSecure;
    }

    /**
     * Returns what is known about every route, those of plugins that are being restarted included. It is the same list until routes
     * change.
     */
    public List<DescribedRoute> described() {
        RouteTable present = table;
        RouteDescriptions known = described;
        if (known == null || !known.table().equals(present)) {
            known = RouteDescriptions.of(present);
            described = known;
        }
        return known.routes();
    }

    /** Returns the codec that reads and writes the JSON of requests and answers. */
    public JsonCodec json() {
        return json;
    }

    /** The present table. */
    RouteTable table() {
        return table;
    }
}
