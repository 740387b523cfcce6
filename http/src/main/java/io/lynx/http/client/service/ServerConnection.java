package io.lynx.http.client.service;

import io.lynx.http.client.engine.balance.ServerLease;
import io.lynx.http.client.engine.balance.ServerVerdict;
import io.lynx.transport.OutgoingConnection;
import java.net.InetSocketAddress;

/** A place on a connection to one server of a service, for one call. Thread-safe. */
public final class ServerConnection {
    private final ServerLease lease;

    ServerConnection(ServerLease lease) {
        this.lease = lease;
    }

    /** What the end of a call says about the server. */
    public enum Verdict {
        /** It answered. */
        HEALTHY,
        /** It failed, was silent, or said that it is not available. */
        FAILED,
        /** Nothing, since the caller ended the call. */
        UNKNOWN
    }

    /** Returns the connection, which takes the call. */
    public OutgoingConnection connection() {
        return lease.connection();
    }

    /** Returns the address of the server. */
    public InetSocketAddress address() {
        return lease.address();
    }

    /** Returns whether the connection has carried calls before. */
    public boolean wasUsed() {
        return lease.wasUsed();
    }

    /**
     * The call is being sent, at this reading of the ticker.
     *
     * @param mayLast whether it may last for long, so that its duration says nothing about the server
     */
    public void sent(long now, boolean mayLast) {
        lease.sent(now, mayLast);
    }

    /** The connection does not carry the call any more. Idempotent. */
    public void release() {
        lease.release();
    }

    /** The call has ended; {@link #release} comes before. Idempotent. */
    public void ended(Verdict verdict) {
        lease.ended(
                switch (verdict) {
                    case HEALTHY -> ServerVerdict.HEALTHY;
                    case FAILED -> ServerVerdict.FAILED;
                    case UNKNOWN -> ServerVerdict.UNKNOWN;
                });
    }
}
