package io.lynx.transport.engine.connection;

import io.netty.channel.EventLoop;
import io.netty.util.ReferenceCountUtil;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Gives the TLS handshakes of one event loop their turns. A few hundred bytes of a client cost milliseconds of computation, so a
 * flood of them would keep the event loop from everything else. One message of a handshake is processed in each turn of the loop:
 * requests are served in between. The messages of different addresses take turns, so a client waits for one message of each
 * other address at most, not for all of a flood. Belongs to the event loop.
 */
final class HandshakeQueue implements Runnable {
    private static final int NETWORK_OF_IPV6 = 8;

    private final EventLoop loop;
    private final Map<Object, Deque<Waiting>> waiting = new LinkedHashMap<>();
    private boolean isTurnTaken;

    private record Waiting(Connection connection, AcceptedChannel channel, Object message) {}

    HandshakeQueue(EventLoop loop) {
        this.loop = loop;
    }

    /** Processes a message at once if none was in this turn, and later otherwise; the connection is not read until then. */
    void add(Connection connection, AcceptedChannel channel, Object message) {
        if (isTurnTaken) {
            channel.holdReads(true);
            waiting.computeIfAbsent(client(connection, channel), _ -> new ArrayDeque<>())
                    .add(new Waiting(connection, channel, message));
        } else {
            takeTurn();
            connection.handshakeRead(message);
        }
    }

    private void takeTurn() {
        isTurnTaken = true;
        // A task that is due runs after the sockets that are ready have been read, unlike one that is executed.
        loop.schedule(this, 0, TimeUnit.NANOSECONDS);
    }

    /** The next turn. */
    @Override
    public void run() {
        isTurnTaken = false;
        Waiting next = next();
        if (next == null) {
            return;
        }
        takeTurn();
        try {
            next.connection().handshakeRead(next.message());
        } finally {
            next.channel().holdReads(false);
        }
    }

    /** Removes the next message of a client that is still there; null if none is left. Those of clients that have left cost no turn. */
    private @Nullable Waiting next() {
        Waiting next = removeNext();
        while (next != null && !next.channel().isActive()) {
            ReferenceCountUtil.release(next.message());
            next = removeNext();
        }
        return next;
    }

    /** Removes the oldest message of the address whose turn it is; that address is last then. */
    private @Nullable Waiting removeNext() {
        Iterator<Map.Entry<Object, Deque<Waiting>>> clients = waiting.entrySet().iterator();
        if (!clients.hasNext()) {
            return null;
        }
        Map.Entry<Object, Deque<Waiting>> first = clients.next();
        Object client = first.getKey();
        Deque<Waiting> messages = first.getValue();
        clients.remove();
        Waiting next = messages.poll();
        if (!messages.isEmpty()) {
            waiting.put(client, messages);
        }
        return next;
    }

    /** The address of a client, which a proxy may tell; with IPv6, the network, since a client has all its addresses. */
    private static Object client(Connection connection, AcceptedChannel channel) {
        ProxyGate proxy = connection.proxy();
        InetAddress told = proxy == null ? null : proxy.client();
        InetAddress address = told != null || channel.remoteAddress() == null
                ? told
                : channel.remoteAddress().getAddress();
        return switch (address) {
            case Inet6Address six -> ByteBuffer.wrap(six.getAddress(), 0, NETWORK_OF_IPV6);
            case null -> "";
            default -> address;
        };
    }
}
