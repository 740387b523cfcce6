package io.lynx.systemtest.load;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Where a client sends its requests, and what it does when a server asks it to leave. Thread-safe. */
public final class Route {
    private final boolean leaves;
    private final CopyOnWriteArrayList<Target> targets = new CopyOnWriteArrayList<>();
    private final AtomicInteger turn = new AtomicInteger();
    private final Queue<String> departures = new ConcurrentLinkedQueue<>();

    /** A server; another one may have had its port before. */
    private record Target(InetSocketAddress address, long addedNanos) {}

    private Route(boolean leaves) {
        this.leaves = leaves;
    }

    /** One address, for ever: told to leave, the client opens a new connection to the same port. */
    public static Route reconnecting(InetSocketAddress target) {
        var route = new Route(false);
        route.add(target);
        return route;
    }

    /** In turn, like a load balancer: who says that it is leaving gets no more requests. */
    public static Route leaving(InetSocketAddress... targets) {
        var route = new Route(true);
        for (InetSocketAddress target : targets) {
            route.add(target);
        }
        return route;
    }

    /** Sends requests there too, from now on. */
    public void add(InetSocketAddress target) {
        targets.add(new Target(target, System.nanoTime()));
    }

    /** The targets that get requests. */
    public List<InetSocketAddress> targets() {
        return targets.stream().map(Target::address).toList();
    }

    /** The next one in turn. */
    Optional<InetSocketAddress> next() {
        Object[] now = targets.toArray();
        if (now.length == 0) {
            return Optional.empty();
        }
        return Optional.of(((Target) now[Math.floorMod(turn.getAndIncrement(), now.length)]).address());
    }

    /**
     * A target said that it is leaving, or cannot be reached. One that was added after that, on the port of another, stays.
     *
     * @param asOfNanos since when the client has known the server that said so, on {@link System#nanoTime}
     * @return whether requests now go elsewhere
     */
    public boolean leave(InetSocketAddress target, long asOfNanos, String reason) {
        if (!leaves) {
            return false;
        }
        if (targets.removeIf(each -> each.address().equals(target) && each.addedNanos() - asOfNanos <= 0)) {
            departures.add(target + ": " + reason);
        }
        return targets.stream().noneMatch(each -> each.address().equals(target));
    }

    /** The targets that were left and why. */
    public List<String> departures() {
        return List.copyOf(departures);
    }
}
