package io.lynx.transport.engine.connection;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Both ends of a connection, which distinguish it from every other one. */
public record Peer(
        @Nullable String remote, int remotePort, @Nullable String local) {
    public static Peer of(SocketChannel socket) throws IOException {
        InetSocketAddress remote = (InetSocketAddress) socket.getRemoteAddress();
        InetSocketAddress local = (InetSocketAddress) socket.getLocalAddress();
        return new Peer(
                remote.getAddress().getHostAddress(),
                remote.getPort(),
                local.getAddress().getHostAddress());
    }

    public static Peer of(HttpConnection connection) {
        SocketAddress remote = connection.remoteAddress(true);
        SocketAddress local = connection.localAddress(true);
        return new Peer(remote.hostAddress(), remote.port(), local.hostAddress());
    }

    // Those of a record are linked at run time, with the first connection.

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Peer peer
                && remotePort == peer.remotePort
                && Objects.equals(remote, peer.remote)
                && Objects.equals(local, peer.local);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * remotePort + Objects.hashCode(remote)) + Objects.hashCode(local);
    }
}
