package io.lynx.kafka.test;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A port in front of a broker, whose connections a test can end. Thread-safe. */
final class ConnectionProxy implements Closeable {
    private final ServerSocket server;
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private ConnectionProxy(ServerSocket server, int target) {
        this.server = server;
        this.target = target;
    }

    static ConnectionProxy to(int target) throws IOException {
        ConnectionProxy proxy = new ConnectionProxy(new ServerSocket(0, 100, InetAddress.getLoopbackAddress()), target);
        Thread _ = Thread.ofVirtual().start(proxy::accept);
        return proxy;
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                connect(server.accept());
            }
        } catch (IOException closed) {
            // The test has ended.
        }
    }

    private void connect(Socket client) {
        Socket broker = new Socket();
        boolean _ = open.add(client);
        boolean _ = open.add(broker);
        Thread _ = Thread.ofVirtual().start(() -> {
            try {
                broker.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target), 10_000);
                Thread _ = Thread.ofVirtual().start(() -> copy(broker, client));
                copy(client, broker);
            } catch (IOException absent) {
                close(client);
                close(broker);
            }
        });
    }

    private void copy(Socket from, Socket to) {
        try {
            long _ = from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException broken) {
            // Both ends are closed below.
        }
        close(from);
        close(to);
    }

    private void close(Socket socket) {
        boolean _ = open.remove(socket);
        try {
            socket.close();
        } catch (IOException alreadyBroken) {
            // It is closed all the same.
        }
    }

    void dropConnections() {
        open.forEach(this::close);
    }

    @Override
    public void close() throws IOException {
        server.close();
        dropConnections();
    }
}
