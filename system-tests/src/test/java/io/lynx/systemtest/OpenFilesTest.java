package io.lynx.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.systemtest.app.TargetService;
import io.lynx.systemtest.process.Launch;
import io.lynx.systemtest.process.ServiceProcess;
import io.lynx.systemtest.process.Signal;
import io.lynx.testkit.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A service that may have few files open, while clients hold connections or the service itself holds files. */
final class OpenFilesTest {
    private static final int LIMIT = 500;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static ServiceProcess start() {
        return Launch.of(TargetService.class)
                .withoutClassPath("/examples/")
                .file("config.yml", """
                    lynx:
                      application: {name: target, version: 1.0.0}
                      http: {host: 127.0.0.1, port: 0}
                      metrics: {prometheus: {host: 127.0.0.1, port: 0}}
                    """)
                .openFiles(LIMIT)
                .start();
    }

    @Test
    void heldConnectionsDoNotBlockProbes() throws Exception {
        try (ServiceProcess service = start()) {
            InetSocketAddress management = Services.awaitManagement(service);
            InetSocketAddress http = Services.awaitHttp(service);
            List<Socket> held = new ArrayList<>();
            try {
                for (int i = 0; i < 2 * LIMIT; i++) {
                    held.add(new Socket(InetAddress.getLoopbackAddress(), http.getPort()));
                }

                assertThat(status(management, "/health/live")).isEqualTo(200);
                assertThat(status(management, "/metrics")).isEqualTo(200);
            } finally {
                for (Socket socket : held) {
                    socket.close();
                }
            }

            Await.until("the service answers again", PATIENCE, () -> statusOrZero(http, Duration.ofSeconds(10)) == 200);
            assertThat(lines(service, "max_connections: 10000 exceeds")).isOne();
            assertThat(lines(service, "io.netty")).isZero();
        }
    }

    @Test
    void answersAgainWhenDescriptorsAreFree() throws Exception {
        try (ServiceProcess service = start();
                HttpClient kept = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build()) {
            InetSocketAddress management = Services.awaitManagement(service);
            InetSocketAddress http = Services.awaitHttp(service);
            // What the service loads for a connection has to be loaded while files can be opened.
            assertThat(status(http, "/ok")).isEqualTo(200);
            assertThat(status(management, "/health/live")).isEqualTo(200);
            assertThat(status(management, "/health/ready")).isEqualTo(200);
            assertThat(send(kept, http, "DELETE")).isEqualTo(200);
            assertThat(send(kept, http, "POST")).isEqualTo(200);

            List<Socket> waiting = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                waiting.add(new Socket(InetAddress.getLoopbackAddress(), http.getPort()));
            }
            Await.until("it was logged", () -> lines(service, "Cannot accept connections", ":" + http.getPort()) > 0);
            for (int i = 0; i < 5; i++) {
                assertThat(statusOrZero(http, Duration.ofMillis(200))).isZero();
                assertThat(status(management, "/health/live")).isEqualTo(200);
                assertThat(status(management, "/health/ready")).isEqualTo(200);
            }

            assertThat(send(kept, http, "DELETE")).isEqualTo(200);
            Await.until("the service answers again", PATIENCE, () -> statusOrZero(http, Duration.ofSeconds(10)) == 200);
            for (Socket socket : waiting) {
                socket.close();
            }
            // The management port may log one of its own, where its spare descriptors are not back yet.
            assertThat(lines(service, "Cannot accept connections", ":" + http.getPort()))
                    .isOne();
            assertThat(lines(service, "io.netty")).isZero();
        }
    }

    @Test
    void aSignalEndsTheProcessWithoutDescriptors() throws Exception {
        try (ServiceProcess service = start();
                HttpClient kept = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build()) {
            InetSocketAddress http = Services.awaitHttp(service);
            assertThat(send(kept, http, "DELETE")).isEqualTo(200);
            assertThat(send(kept, http, "POST")).isEqualTo(200);

            long _ = service.signal(Signal.TERM);

            assertThat(service.awaitExit(Duration.ofSeconds(60)).code())
                    .as("a graceful shutdown, or none if a class of it cannot be loaded")
                    .isIn(143, 124);
        }
    }

    private static long lines(ServiceProcess service, String... texts) {
        return service.output()
                .text()
                .lines()
                .filter(line -> Stream.of(texts).allMatch(line::contains))
                .count();
    }

    private static int send(HttpClient client, InetSocketAddress address, String method) throws Exception {
        return client.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + address.getPort() + "/files"))
                                .timeout(PATIENCE)
                                .method(method, BodyPublishers.noBody())
                                .build(),
                        BodyHandlers.ofString())
                .statusCode();
    }

    private static int status(InetSocketAddress address, String path) throws IOException, InterruptedException {
        return status(address, path, PATIENCE);
    }

    private static int status(InetSocketAddress address, String path, Duration timeout)
            throws IOException, InterruptedException {
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + address.getPort() + path))
                                    .timeout(timeout)
                                    .build(),
                            BodyHandlers.ofString())
                    .statusCode();
        }
    }

    /** Returns the status of an answer within a short time; 0 if there is none. */
    private static int statusOrZero(InetSocketAddress address, Duration timeout) {
        try {
            return status(address, "/ok", timeout);
        } catch (IOException none) {
            return 0;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
