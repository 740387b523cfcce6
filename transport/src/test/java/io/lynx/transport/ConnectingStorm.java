package io.lynx.transport;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Clients that connect without pause to a listening socket, send a line each and wait for it to come back, while the
 * socket is closed: with the gate or without. A client that had connected and got no answer is lost.
 */
final class ConnectingStorm {
    private static final int CLIENTS = 8;
    private static final int PATIENCE_MILLIS = 10_000;

    private final AtomicInteger served = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final SocketGate gate = SocketGate.prepare();
    private final boolean gated;

    ConnectingStorm(boolean gated) {
        this.gated = gated;
    }

    int served() {
        return served.get();
    }

    int lost() {
        return lost.get();
    }

    int refused() {
        return refused.get();
    }

    void round(InetSocketAddress bound, String target) throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(bound, 128);
                ExecutorService threads = Executors.newThreadPerTaskExecutor(
                        Thread.ofPlatform().name("storm-", 0).factory())) {
            int port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
            listener.configureBlocking(false);
            CountDownLatch firstServed = new CountDownLatch(4 * CLIENTS);
            List<Future<?>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(threads.submit(() -> client(target, port, firstServed)));
            }

            List<SocketChannel> accepted = new ArrayList<>();
            acceptUntil(listener, accepted, firstServed);
            if (gated) {
                SocketGate.Result result = gate.close(port);
                if (!result.isClosed()) {
                    throw new AssertionError(result.reason());
                }
            }
            acceptAll(listener, accepted);
            listener.close();

            for (SocketChannel connection : accepted) {
                answer(connection);
            }
            for (Future<?> client : clients) {
                client.get(2L * PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            }
        }
    }

    private static void acceptUntil(
            ServerSocketChannel listener, List<SocketChannel> accepted, CountDownLatch firstServed) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        while (firstServed.getCount() > 0 && System.nanoTime() - deadline < 0) {
            acceptAll(listener, accepted);
            for (SocketChannel connection : accepted) {
                answer(connection);
            }
            accepted.clear();
        }
    }

    private static void acceptAll(ServerSocketChannel listener, List<SocketChannel> accepted) throws IOException {
        for (SocketChannel next = listener.accept(); next != null; next = listener.accept()) {
            accepted.add(next);
        }
    }

    private static void answer(SocketChannel connection) throws IOException {
        try (connection) {
            ByteBuffer line = ByteBuffer.allocate(1);
            if (connection.read(line) > 0) {
                connection.write(line.flip());
            }
        }
    }

    private void client(String target, int port, CountDownLatch firstServed) {
        while (true) {
            boolean connected = false;
            try (Socket socket = new Socket()) {
                socket.setSoTimeout(PATIENCE_MILLIS);
                socket.connect(new InetSocketAddress(target, port), PATIENCE_MILLIS);
                connected = true;
                socket.getOutputStream().write('x');
                if (socket.getInputStream().read() != 'x') {
                    throw new IOException("no answer");
                }
                served.incrementAndGet();
                firstServed.countDown();
            } catch (IOException e) {
                (connected ? lost : refused).incrementAndGet();
                return;
            }
        }
    }
}
