package io.lynx.transport.engine.connection;

import io.lynx.transport.ListenerConfig;
import io.lynx.transport.ProxyHeader;
import io.lynx.transport.engine.framing.ProxyHeaderReader;
import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Takes the header of the PROXY protocol off the beginning of one connection, before TLS and HTTP. A connection that begins with
 * something else is closed without an answer: nothing is known of its client. Belongs to the event loop.
 */
final class ProxyGate {
    private final Connection connection;
    private final ListenerState state;
    private @Nullable ProxyHeaderReader reader = new ProxyHeaderReader();
    private @Nullable ProxyHeader header;

    ProxyGate(Connection connection, ListenerState state) {
        this.connection = connection;
        this.state = state;
    }

    /** Returns whether the listener takes a connection from {@code peer}: with the PROXY protocol, only from a trusted proxy. */
    static boolean takes(ListenerState state, InetAddress peer) {
        ListenerConfig config = state.config();
        if (!config.proxyProtocol() || config.trustedProxies().stream().anyMatch(range -> range.contains(peer))) {
            return true;
        }
        state.observer().proxyHeaderRefused();
        return false;
    }

    /** Returns whether {@code message} has bytes behind the header, which are to be read; otherwise it is released. */
    boolean passes(Object message) {
        ProxyHeaderReader unfinished = reader;
        if (unfinished == null || !(message instanceof ByteBuf bytes)) {
            return true;
        }
        if (!connection.end().isLeaving()) {
            read(unfinished, bytes);
        }
        boolean isBehind = isOpen() && bytes.isReadable();
        if (!isBehind) {
            bytes.release();
        }
        return isBehind;
    }

    private void read(ProxyHeaderReader unfinished, ByteBuf bytes) {
        unfinished.read(bytes);
        if (unfinished.isInvalid()) {
            state.observer().proxyHeaderRefused();
            connection.closeNow();
        } else if (unfinished.header() != null) {
            header = unfinished.header();
            reader = null;
            connection.streams().quiet();
        }
    }

    /** Whether the header has been read. */
    boolean isOpen() {
        return reader == null;
    }

    /** What the header tells; null while it has not been read. */
    @Nullable
    ProxyHeader header() {
        return header;
    }

    /** The address of the client that the header tells; null if it tells none. */
    @Nullable
    InetAddress client() {
        InetSocketAddress told = header == null ? null : header.client();
        return told == null ? null : InetAddress.ofLiteral(told.getHostString());
    }

    /** Closes the connection if its header arrives too slowly. */
    void check(long now) {
        if (now - connection.streams().quietSince() > state.headerTimeout()) {
            state.observer().handshakeTimedOut();
            connection.closeNow();
        }
    }
}
