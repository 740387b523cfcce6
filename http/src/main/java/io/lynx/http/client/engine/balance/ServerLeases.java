package io.lynx.http.client.engine.balance;

import io.lynx.http.client.HttpCallException;
import io.lynx.http.client.HttpCallException.Reason;
import io.lynx.http.client.engine.pool.CallFailures;
import io.lynx.http.client.engine.pool.CallTime;
import io.lynx.http.client.engine.pool.ClientLimits;
import io.lynx.http.client.engine.pool.PooledConnection;
import io.lynx.http.client.engine.telemetry.ClientCounts;
import io.lynx.http.client.engine.telemetry.ClientTarget;
import io.lynx.transport.Connector;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds a place on a connection for calls that are not made here. If no connection to a server can be made, another server is tried at
 * once. Thread-safe.
 */
public final class ServerLeases {
    private final BalancedServers servers;

    public ServerLeases(ClientLimits limits, ClientTarget target, Connector connector, ClientRuntime runtime) {
        this.servers = new BalancedServers(limits, target, connector, runtime);
    }

    /**
     * Returns a place without waiting; null if there is none now.
     *
     * @param before what earlier attempts of the call have used
     */
    public @Nullable ServerLease find(UsedServers before, CallTime time, CallFailures failures)
            throws InterruptedException {
        if (!servers.areKnown()) {
            return null;
        }
        Server server = servers.choose(servers.servers(time, failures), List.of(), before);
        PooledConnection free = server == null ? null : server.pool().poll();
        if (server == null || free == null) {
            return null;
        }
        before.add(server);
        return new ServerLease(server, free, server.begin());
    }

    /**
     * Returns a place, waiting for it.
     *
     * @param isFresh whether it must be on a connection that has carried no call
     */
    public ServerLease await(UsedServers before, boolean isFresh, CallTime time, CallFailures failures)
            throws InterruptedException {
        List<Server> known = servers.servers(time, failures);
        List<Server> tried = new ArrayList<>(0);
        Server server = servers.choose(known, tried, before);
        while (server != null) {
            before.add(server);
            try {
                return connected(server, isFresh, time, failures);
            } catch (HttpCallException failure) {
                tried.add(server);
                server = servers.next(failure, tried, before);
                if (server == null) {
                    throw failure;
                }
            }
        }
        throw failures.of(Reason.UNKNOWN_HOST, "no address was found");
    }

    private static ServerLease connected(Server server, boolean isFresh, CallTime time, CallFailures failures)
            throws InterruptedException {
        long begun = server.begin();
        ServerVerdict verdict = ServerVerdict.UNKNOWN;
        boolean isConnected = false;
        try {
            ServerLease lease = new ServerLease(server, server.pool().acquire(time, isFresh, failures), begun);
            isConnected = true;
            return lease;
        } catch (HttpCallException failure) {
            verdict = ServerCalls.verdict(failure.reason());
            throw failure;
        } finally {
            if (!isConnected) {
                server.ended(begun, verdict);
            }
        }
    }

    public boolean hasOthers() {
        return servers.hasOthers();
    }

    public ClientCounts counts(long inFlight) {
        return servers.counts(inFlight);
    }

    public void close() {
        servers.close();
    }
}
