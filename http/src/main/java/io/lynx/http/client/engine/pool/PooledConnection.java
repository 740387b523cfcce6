package io.lynx.http.client.engine.pool;

import io.lynx.transport.Connector.ConnectionListener;
import io.lynx.transport.OutgoingConnection;
import io.lynx.transport.OutgoingException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A connection of a pool, from the attempt to open it until it is closed. The pool's lock guards what is not final. */
public final class PooledConnection implements ConnectionListener {
    private final AddressPool pool;

    /** Wakes the thread that opens it. */
    final ParkedThread opener;

    /** Null until it is established. */
    @Nullable
    OutgoingConnection connection;

    @Nullable
    OutgoingException failure;

    /** Whether it is established or has failed. */
    volatile boolean isOver;

    /** Whether nothing waits for it any more. */
    boolean isAbandoned;

    /** Whether the pool lists it among the free ones. */
    boolean isFree;

    /** Calls in flight. */
    int calls;

    /** How many calls it has carried before the present ones. */
    long carried;

    /** When its last call ended, or it was established. */
    long idleSince;

    PooledConnection(AddressPool pool, ParkedThread opener) {
        this.pool = pool;
        this.opener = opener;
    }

    @Override
    public void connected(OutgoingConnection established) {
        pool.opened(this, established);
    }

    @Override
    public void connectFailed(OutgoingException reason) {
        pool.failed(this, reason);
    }

    @Override
    public void capacityChanged() {
        pool.capacityChanged(this);
    }

    @Override
    public void closed() {
        pool.closed(this);
    }

    /** Whether it has carried calls before the present ones. */
    public boolean isUsed() {
        return carried > 0;
    }

    /** Returns the connection, for the caller that has acquired it. */
    public OutgoingConnection established() {
        return Objects.requireNonNull(connection);
    }

    /** The attempt to open it is over. */
    void finish() {
        isOver = true;
        opener.wake();
    }

    /** Returns whether it is established and takes no further call. */
    boolean takesNone() {
        OutgoingConnection established = connection;
        return established != null && established.capacity() == 0;
    }

    /** Returns how many more calls it can carry now. */
    int free() {
        OutgoingConnection established = connection;
        return established == null ? 0 : Math.max(0, established.capacity() - calls);
    }
}
