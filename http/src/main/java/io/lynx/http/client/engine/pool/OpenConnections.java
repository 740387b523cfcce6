package io.lynx.http.client.engine.pool;

import java.util.HashSet;
import java.util.Set;

/** The connections of a pool that are open or being opened, and whether there may be another one. The pool's lock guards it. */
final class OpenConnections {
    private final ClientLimits limits;
    private final Set<PooledConnection> open = new HashSet<>();
    private int opening;

    /** Whether a connection may carry several calls, so that the next one opens when it is known how many. */
    private boolean isOneByOne;

    OpenConnections(ClientLimits limits) {
        this.limits = limits;
        this.isOneByOne = limits.mayMultiplex();
    }

    boolean isFull() {
        return hasMost() || (isOneByOne && opening > 0);
    }

    boolean hasMost() {
        return open.size() + opening >= limits.maxConnections();
    }

    /** Returns whether none is open. */
    boolean isEmpty() {
        return open.isEmpty();
    }

    int size() {
        return open.size();
    }

    /** Returns whether the calls that wait depend on the one connection that is being opened. */
    boolean isFirst() {
        return isOneByOne && open.isEmpty();
    }

    /** Another one is being opened. */
    void begin() {
        opening++;
    }

    /** An attempt to open one has ended. */
    void end() {
        opening--;
    }

    /** An attempt has ended with a connection that takes {@code capacity} calls at a time. */
    void established(PooledConnection pooled, int capacity) {
        opening--;
        open.add(pooled);
        isOneByOne = limits.mayMultiplex() && capacity != 1;
    }

    /** One that had given up its place takes calls again. */
    void add(PooledConnection pooled) {
        open.add(pooled);
    }

    boolean remove(PooledConnection pooled) {
        return open.remove(pooled);
    }
}
