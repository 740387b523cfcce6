package io.lynx.http.client.engine.balance;

import io.lynx.http.client.HttpCallException;
import io.lynx.http.client.HttpCallException.Reason;
import io.lynx.http.client.engine.pool.AddressPool;
import io.lynx.http.client.engine.pool.CallFailures;
import io.lynx.http.client.engine.pool.CallTime;
import io.lynx.http.client.engine.pool.ClientLimits;
import io.lynx.http.client.engine.pool.ConnectionOpener;
import io.lynx.http.client.engine.telemetry.ClientCounts;
import io.lynx.http.client.engine.telemetry.ClientTarget;
import io.lynx.transport.Connector;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The servers of a service, with their connections and with what chooses one of them. Thread-safe. */
final class BalancedServers {
    /** Servers that one attempt of a call tries at most. */
    private static final int MOST_TRIED = 3;

    private final ClientRuntime runtime;
    private final ServerSet servers;
    private final Balancer balancer;

    BalancedServers(ClientLimits limits, ClientTarget target, Connector connector, ClientRuntime runtime) {
        this.runtime = runtime;
        this.balancer = new Balancer(target.zone(), runtime.ticker());
        this.servers = new ServerSet(
                limits,
                target.discovery(),
                target.refreshAfter(),
                address -> pool(address, target.serverName(), connector, limits),
                InetAddress::getAllByName,
                runtime);
    }

    private AddressPool pool(InetSocketAddress address, String serverName, Connector connector, ClientLimits limits) {
        ConnectionOpener opener = new ConnectionOpener(address, serverName, connector, limits);
        return new AddressPool(opener, runtime.ticker(), runtime.scheduler());
    }

    /** Returns the servers, at least one; a first call waits until they are found. */
    List<Server> servers(CallTime time, CallFailures failures) throws InterruptedException {
        return servers.servers(time, failures);
    }

    /** Returns whether servers are known, so that {@link #servers} does not wait. */
    boolean areKnown() {
        return !servers.present().isEmpty();
    }

    /** Returns one of {@code known} that is not in {@code tried}; null if there is none. */
    @Nullable
    Server choose(List<Server> known, Collection<Server> tried, UsedServers before) {
        return balancer.choose(known, tried, before);
    }

    /**
     * Returns the server that an attempt tries next, since nothing was sent to those it has tried; null if the attempt has failed.
     *
     * @param failure of the last one of {@code tried}
     */
    @Nullable
    Server next(HttpCallException failure, Collection<Server> tried, UsedServers before) {
        // A pool is closed when discovery does not find its address any more; what it has found instead is known by
        // then.
        boolean isUnsent = failure.reason() == Reason.UNREACHABLE || failure.reason() == Reason.CLOSED;
        return isUnsent && tried.size() < MOST_TRIED ? choose(servers.present(), tried, before) : null;
    }

    /** Returns whether there are several servers, and one of them is available. */
    boolean hasOthers() {
        List<Server> present = servers.present();
        if (present.size() < 2) {
            return false;
        }
        long now = runtime.ticker().nanos();
        return present.stream().anyMatch(server -> !server.isEjected(now));
    }

    ClientCounts counts(long inFlight) {
        long now = runtime.ticker().nanos();
        int active = 0;
        int idle = 0;
        int waiting = 0;
        int ejected = 0;
        List<Server> present = servers.present();
        for (Server server : present) {
            AddressPool.Counts counts = server.pool().counts();
            active += counts.active();
            idle += counts.idle();
            waiting += counts.waiting();
            ejected += server.isEjected(now) ? 1 : 0;
        }
        return new ClientCounts(inFlight, active, idle, waiting, present.size(), ejected);
    }

    void close() {
        servers.close();
    }
}
