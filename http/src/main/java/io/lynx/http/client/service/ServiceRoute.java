package io.lynx.http.client.service;

import io.lynx.http.client.engine.balance.ServerLease;
import io.lynx.http.client.engine.balance.UsedServers;
import io.lynx.http.client.engine.pool.CallFailures;
import io.lynx.http.client.engine.pool.CallTime;
import io.lynx.time.Deadline;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Finds the connections for the attempts of one call: another attempt prefers servers that none before has used. Thread-safe. */
public final class ServiceRoute {
    /** Longer than any call: what limits a call is its deadline. */
    private static final Duration UNLIMITED = Duration.ofDays(365);

    private final ServiceConnections service;
    private final UsedServers used = new UsedServers();
    private final CallFailures failures;
    private final CallTime time;

    ServiceRoute(ServiceConnections service, String subject, @Nullable Deadline end) {
        this.service = service;
        this.failures = new CallFailures(service.limits(), subject);
        this.time = CallTime.of(
                UNLIMITED, end, service.runtime().ticker(), service.runtime().scheduler());
    }

    /** Returns a connection without waiting; null if none is free now. */
    public @Nullable ServerConnection find() {
        try {
            ServerLease lease = service.leases().find(used, time, failures);
            return lease == null ? null : new ServerConnection(lease);
        } catch (InterruptedException impossible) {
            throw failures.interrupted();
        }
    }

    /**
     * Returns a connection, waiting for it on the calling thread.
     *
     * @param isFresh whether it must be one that has carried no call
     * @throws io.lynx.http.client.HttpCallException if there is none
     */
    public ServerConnection await(boolean isFresh) throws InterruptedException {
        return new ServerConnection(service.leases().await(used, isFresh, time, failures));
    }
}
