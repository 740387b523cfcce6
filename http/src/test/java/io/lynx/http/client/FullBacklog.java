package io.lynx.http.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** An address of the loopback that drops each attempt to connect: a listener that accepts nothing and whose backlog is full. */
final class FullBacklog implements AutoCloseable {
    /** Far more than a backlog of one takes. */
    private static final int MOST = 64;

    /** The system connects within microseconds, or not at all. */
    private static final int PATIENCE_MILLIS = 2000;

    private final ServerSocket listener;
    private final List<Socket> waiting = new ArrayList<>();

    private FullBacklog(ServerSocket listener) {
        this.listener = listener;
    }

    static FullBacklog open() throws IOException {
        FullBacklog backlog = new FullBacklog(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        for (int i = 0; i < MOST; i++) {
            Socket socket = new Socket();
            try {
                socket.connect(backlog.listener.getLocalSocketAddress(), PATIENCE_MILLIS);
                backlog.waiting.add(socket);
            } catch (SocketTimeoutException dropped) {
                socket.close();
                return backlog;
            }
        }
        backlog.close();
        throw new IOException("a backlog of one took " + MOST + " connections");
    }

    /** Returns the address with its port. */
    String address() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : waiting) {
            socket.close();
        }
    }
}
