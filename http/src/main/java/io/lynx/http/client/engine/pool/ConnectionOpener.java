package io.lynx.http.client.engine.pool;

import io.lynx.transport.Connector;
import io.lynx.transport.OutgoingException;
import java.net.InetSocketAddress;

/**
 * Opens connections to one address. Immutable and thread-safe.
 *
 * @param serverName the name that the server's certificate must have
 */
public record ConnectionOpener(InetSocketAddress address, String serverName, Connector connector, ClientLimits limits) {
    /** Returns the address for messages. */
    String text() {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    /** Opens a connection of {@code pool} on the calling thread, which waits for it. */
    PooledConnection open(AddressPool pool, CallTime time, CallFailures failures) throws InterruptedException {
        CallTime limit = time.atMost(limits.connectTimeout(), TimeLimitKind.CONNECT);
        PooledConnection opened = new PooledConnection(pool, limit.parkedThread());
        boolean isOver = false;
        try {
            Connector.Connecting attempt = start(opened, failures);
            try {
                isOver = opened.opener.await(() -> opened.isOver, limit.end());
            } finally {
                if (!isOver) {
                    attempt.cancel();
                }
            }
        } finally {
            if (!isOver) {
                pool.abandon(opened);
            }
        }
        if (!isOver) {
            throw limit.end().isExpired() ? failures.timedOut(limit) : failures.closed();
        }
        OutgoingException failure = opened.failure;
        if (failure != null) {
            throw failures.failed(failure, text());
        }
        return opened;
    }

    private Connector.Connecting start(PooledConnection opened, CallFailures failures) {
        try {
            return connector.connect(address, serverName, opened);
        } catch (IllegalStateException closed) {
            // The client was closed after this call had begun.
            throw failures.closed();
        }
    }
}
