package io.lynx.jdbc.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.lynx.app.StartException;
import io.lynx.jdbc.JdbcPlugin;
import io.lynx.testkit.Await;
import io.lynx.testkit.LynxTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Servers that accept a connection and are no PostgreSQL, or one that hangs. */
class HostileServerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** A server that does something with each connection, on a free port. */
    private static final class Server implements AutoCloseable {
        private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final AtomicInteger accepted = new AtomicInteger();

        interface Answer {
            void to(Socket client) throws IOException;
        }

        Server(Answer answer) throws IOException {
            Thread.ofVirtual().start(() -> {
                while (!socket.isClosed()) {
                    try {
                        Socket client = socket.accept();
                        accepted.incrementAndGet();
                        answer.to(client);
                    } catch (IOException closed) {
                        // The client or the test has closed it.
                    }
                }
            });
        }

        String url() {
            return "jdbc:postgresql://127.0.0.1:" + socket.getLocalPort() + "/postgres";
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static LynxTest.Builder application(Server server, String startup) {
        return LynxTest.of(new JdbcPlugin())
                .with("lynx.jdbc.url", server.url())
                .with("lynx.jdbc.user", "someone")
                .with("lynx.jdbc.startup", startup)
                .with("lynx.jdbc.connect_timeout", "1s")
                .with("lynx.jdbc.health_timeout", "2s")
                .with("lynx.startup.plugin_timeout", "4s");
    }

    private static long driverThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("PostgreSQL JDBC driver connection"))
                .count();
    }

    @Test
    void aServerThatHangsAfterItAcceptedCostsNoThreads() throws Exception {
        try (Server server = new Server(_ -> {});
                LynxTest lynx = application(server, "degrade").start()) {
            Await.until("it was tried again and again", PATIENCE, () -> server.accepted.get() >= 4);

            Await.until("threads of the driver end", PATIENCE, () -> driverThreads() <= 1);
            assertThat(catchThrowable(() ->
                            lynx.resource(JdbcPlugin.key()).getConnection().close()))
                    .hasMessageContaining("has not connected to");
        }
    }

    @Test
    void aServerThatAnswersGarbageEndsTheStart() throws Exception {
        try (Server server = new Server(client -> {
                    client.getOutputStream()
                            .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    client.getOutputStream().flush();
                });
                LynxTest lynx = application(server, "require").build()) {
            Throwable failure = catchThrowable(lynx::start);

            assertThat(failure).isInstanceOf(StartException.class).hasMessageContaining("cannot be reached");
            assertThat(((StartException) failure).exitCode()).isEqualTo(69);
        }
    }

    @Test
    void aServerThatClosesEachConnectionEndsTheStart() throws Exception {
        try (Server server = new Server(Socket::close);
                LynxTest lynx = application(server, "require").build()) {
            Throwable failure = catchThrowable(lynx::start);

            assertThat(failure).isInstanceOf(StartException.class).hasMessageContaining("cannot be reached");
            assertThat(((StartException) failure).exitCode()).isEqualTo(69);
        }
    }
}
