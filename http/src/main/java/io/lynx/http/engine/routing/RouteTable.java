package io.lynx.http.engine.routing;

import io.lynx.http.engine.head.Path;
import io.lynx.http.engine.interceptor.InterceptorChain;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A trie of path segments. A look-up costs by the length of the path, whatever the number of routes: a literal child is
 * tried first, then the variable, then the tail, going back where a choice does not lead to a route.
 */
public final class RouteTable {
    /** Stands for every method that has no route of its own. */
    public static final String ANY = "*";

    private final Node root = new Node();
    private final List<Route> routes = new ArrayList<>();
    private final InterceptorChain server;

    /** An empty table; {@code server} surrounds what no route answers. */
    public RouteTable(InterceptorChain server) {
        this.server = server;
    }

    /** What a path leads to: its routes by method, and the values of its variables in their order. */
    public record Match(Map<String, Route> routes, List<String> values) {
        /** What answers {@code method}: its route, for {@code HEAD} that of {@code GET}, or the one for any method. */
        @Nullable
        public Route route(String method) {
            Route route = routes.get(method);
            if (route == null && method.equals("HEAD")) {
                route = routes.get("GET");
            }
            return route == null ? routes.get(ANY) : route;
        }

        /** The value of the {@code Allow} header. */
        public String allow() {
            TreeSet<String> methods = new TreeSet<>(routes.keySet());
            methods.remove(ANY);
            if (methods.contains("GET")) {
                methods.add("HEAD");
            }
            methods.add("OPTIONS");
            return String.join(", ", methods);
        }
    }

    private static final class Node {
        final Map<String, Node> literals = new HashMap<>();
        final Map<String, Route> routes = new HashMap<>();
        final Map<String, Route> tails = new HashMap<>();

        @Nullable
        Node variable;
    }

    /**
     * Adds a route.
     *
     * @throws IllegalArgumentException if the method is taken on an equal template
     */
    public void add(Route route) {
        Route other = addIfFree(route);
        if (other != null) {
            throw new IllegalArgumentException("route: " + route.method() + " " + route.template() + " is taken by "
                    + other.method() + " " + other.template());
        }
    }

    /** Adds a route unless the method is taken on an equal template; returns the route that has it then. */
    @Nullable
    Route addIfFree(Route route) {
        Node node = root;
        Map<String, Route> tails = null;
        for (Template.Segment segment : route.template().segments()) {
            switch (segment) {
                case Template.Segment.Literal literal ->
                    node = node.literals.computeIfAbsent(literal.text(), _ -> new Node());
                case Template.Segment.Variable _ -> {
                    if (node.variable == null) {
                        node.variable = new Node();
                    }
                    node = node.variable;
                }
                case Template.Segment.Tail _ -> tails = node.tails;
            }
        }
        Map<String, Route> target = tails == null ? node.routes : tails;
        Route other = target.putIfAbsent(route.method(), route);
        if (other == null) {
            routes.add(route);
        }
        return other;
    }

    /** Every route, in the order in which they were added. */
    public List<Route> routes() {
        return Collections.unmodifiableList(routes);
    }

    /** The interceptors around what no route answers. */
    InterceptorChain server() {
        return server;
    }

    /** Returns the routes of {@code path}; null if there are none. */
    @Nullable
    public Match find(Path path) {
        return find(root, path.segments(), 0, new ArrayList<>(4));
    }

    private static @Nullable Match find(Node node, List<String> segments, int at, List<String> values) {
        if (at == segments.size()) {
            return node.routes.isEmpty() ? null : new Match(node.routes, values);
        }
        String segment = segments.get(at);
        Node literal = node.literals.get(segment);
        if (literal != null) {
            Match match = find(literal, segments, at + 1, values);
            if (match != null) {
                return match;
            }
        }
        if (node.variable != null && !segment.isEmpty()) {
            values.add(segment);
            Match match = find(node.variable, segments, at + 1, values);
            if (match != null) {
                return match;
            }
            values.removeLast();
        }
        if (!node.tails.isEmpty() && !segment.isEmpty()) {
            values.add(String.join("/", segments.subList(at, segments.size())));
            return new Match(node.tails, values);
        }
        return null;
    }
}
