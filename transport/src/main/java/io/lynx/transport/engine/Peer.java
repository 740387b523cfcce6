package io.lynx.transport.engine;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** Both ends of a connection, which distinguish it from every other one. */
record Peer(
        @Nullable String remote, int remotePort, @Nullable String local) {
    static Peer of(SocketChannel socket) throws IOException {
        InetSocketAddress remote = (InetSocketAddress) socket.getRemoteAddress();
        InetSocketAddress local = (InetSocketAddress) socket.getLocalAddress();
        return new Peer(
                remote.getAddress().getHostAddress(),
                remote.getPort(),
                local.getAddress().getHostAddress());
    }

    static Peer of(HttpConnection connection) {
        SocketAddress remote = connection.remoteAddress(true);
        SocketAddress local = connection.localAddress(true);
        return new Peer(remote.hostAddress(), remote.port(), local.hostAddress());
    }
}
