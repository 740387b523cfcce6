package io.lynx.systemtest.load;

import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Where a client sends its requests, and what it does when a server asks it to leave. Thread-safe. */
public final class Route {
    private final boolean leaves;
    private final CopyOnWriteArrayList<InetSocketAddress> targets = new CopyOnWriteArrayList<>();
    private final AtomicInteger turn = new AtomicInteger();

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
        targets.addIfAbsent(target);
    }

    /** The targets that get requests. */
    public Iterable<InetSocketAddress> targets() {
        return targets;
    }

    /** The next one in turn. */
    Optional<InetSocketAddress> next() {
        Object[] now = targets.toArray();
        if (now.length == 0) {
            return Optional.empty();
        }
        return Optional.of((InetSocketAddress) now[Math.floorMod(turn.getAndIncrement(), now.length)]);
    }

    /**
     * A target said that it is leaving, or cannot be reached.
     *
     * @return whether requests now go elsewhere
     */
    public boolean leave(InetSocketAddress target) {
        if (!leaves) {
            return false;
        }
        targets.remove(target);
        return true;
    }
}
