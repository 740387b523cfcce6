package io.lynx.http.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lynx.testkit.Await;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A server that does with each connection what a test says. */
final class ScriptedServer implements AutoCloseable {
    private static final Queue<Socket> HELD = new ConcurrentLinkedQueue<>();

    private final ServerSocket socket;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);
    final AtomicInteger connections = new AtomicInteger();
    final AtomicInteger requests = new AtomicInteger();

    /** What happens on one connection, which is closed afterwards. */
    @FunctionalInterface
    interface Script {
        void run(Peer peer) throws Exception;
    }

    ScriptedServer(Script script) throws IOException {
        this.socket = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> accept(script));
    }

    /** Returns a port of the loopback on which nothing listens; it is kept, so that nobody else gets it. */
    static int closedPort() throws IOException {
        Socket held = new Socket();
        held.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        HELD.add(held);
        return held.getLocalPort();
    }

    private void accept(Script script) {
        while (!socket.isClosed()) {
            try {
                Socket accepted = socket.accept();
                open.add(accepted);
                int number = connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(script, accepted, number));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Script script, Socket accepted, int number) {
        try (accepted) {
            script.run(new Peer(accepted, number));
        } catch (Exception gone) {
            // The client has gone, or the test is over.
        }
    }

    int port() {
        return socket.getLocalPort();
    }

    String url() {
        return "http://127.0.0.1:" + port();
    }

    /** Returns a client without retries and breaker, and with short limits. */
    HttpClientBuilder client() {
        return new HttpClientBuilder("inventory", Configs.with("max_wait", "20s"))
                .url(url())
                .connectTimeout(Duration.ofSeconds(20)) // a busy machine may need longer than the default
                .policies(policies -> policies.withRetryAttempts(1).withCircuitBreaker(false));
    }

    /**
     * Makes a call to a server, and returns its failure when nothing of it is left in the client.
     *
     * @param change what is different from the client that is as usual
     */
    static HttpCallException failureOf(
            Script script, UnaryOperator<HttpClientBuilder> change, Consumer<HttpClient> call) throws Exception {
        try (ScriptedServer server = new ScriptedServer(script);
                HttpClient client =
                        change.apply(server.client().maxBodySize(100_000)).build()) {
            HttpCallException failure = catchThrowableOfType(HttpCallException.class, () -> call.accept(client));
            assertThat(failure).isNotNull();
            assertThat(failure).hasMessageStartingWith("inventory: ");
            Await.until("nothing is in flight", () -> client.counts().inFlight() == 0);
            Await.until("no connection is active", () -> client.counts().active() == 0);
            return failure;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        closed.countDown();
        for (Socket each : open) {
            each.close();
        }
    }

    /** The server's end of one connection. */
    final class Peer {
        final Socket connection;
        final int number;
        private final InputStream in;

        private Peer(Socket connection, int number) throws IOException {
            this.connection = connection;
            this.number = number;
            this.in = new BufferedInputStream(connection.getInputStream());
        }

        /** Reads the head of a request. */
        String head() throws IOException {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int c = in.read();
                if (c < 0) {
                    throw new IOException("no request");
                }
                head.append((char) c);
            }
            requests.incrementAndGet();
            return head.toString();
        }

        byte[] body(int length) throws IOException {
            return in.readNBytes(length);
        }

        Peer send(String text) throws IOException {
            connection.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            return this;
        }

        Peer send(byte[] bytes) throws IOException {
            connection.getOutputStream().write(bytes);
            return this;
        }

        /** Does nothing until the test is over. */
        void hang() throws InterruptedException {
            closed.await();
        }

        /** Waits until the client closes the connection. */
        void awaitEnd() throws IOException {
            while (in.read() >= 0) {
                // What the client still sends does not matter.
            }
        }

        /** Waits for a moment, or until the test is over. */
        void pause() throws InterruptedException {
            boolean _ = closed.await(50, TimeUnit.MILLISECONDS);
        }

        /** Closes the connection by a reset. */
        void reset() throws IOException {
            connection.setSoLinger(true, 0);
            connection.close();
        }
    }
}
