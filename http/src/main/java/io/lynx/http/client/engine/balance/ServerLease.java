package io.lynx.http.client.engine.balance;

import io.lynx.http.client.engine.pool.PooledConnection;
import io.lynx.transport.OutgoingConnection;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicBoolean;

/** A place on a connection to a server, for one call. Thread-safe. */
public final class ServerLease {
    private final Server server;
    private final PooledConnection pooled;
    private final boolean wasUsed;
    private final AtomicBoolean isReleased = new AtomicBoolean();
    private final AtomicBoolean hasEnded = new AtomicBoolean();
    private volatile long sentAt;
    private volatile boolean isLasting;

    ServerLease(Server server, PooledConnection pooled, long begun) {
        this.server = server;
        this.pooled = pooled;
        this.wasUsed = pooled.isUsed();
        this.sentAt = begun;
    }

    public OutgoingConnection connection() {
        return pooled.established();
    }

    public InetSocketAddress address() {
        return server.pool().address();
    }

    /** Returns whether the connection has carried calls before. */
    public boolean wasUsed() {
        return wasUsed;
    }

    /**
     * The call is being sent, at this reading of the ticker.
     *
     * @param mayLast whether it may last for long
     */
    public void sent(long now, boolean mayLast) {
        sentAt = now;
        if (mayLast) {
            isLasting = true;
            server.lasts();
        }
    }

    /** The connection does not carry the call any more. Idempotent. */
    public void release() {
        if (isReleased.compareAndSet(false, true)) {
            server.pool().release(pooled);
        }
    }

    /** The call has ended. Idempotent. */
    public void ended(ServerVerdict verdict) {
        if (!hasEnded.compareAndSet(false, true)) {
            return;
        }
        if (isLasting) {
            server.endedLasting(verdict);
        } else {
            server.ended(sentAt, verdict);
        }
    }
}
