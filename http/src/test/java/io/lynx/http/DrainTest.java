package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.testkit.LoopbackCertificate;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DrainTest {
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    private void routes(Routes http) {
        http.get("/", (_, response) -> response.send("ok")).get("/slow", (_, response) -> {
            entered.countDown();
            assertThat(released.await(20, TimeUnit.SECONDS)).isTrue();
            response.send("slow");
        });
    }

    @Test
    void servesOnWhenTheStopIsAnnounced() throws Exception {
        try (TestServer server = TestServer.with(this::routes);
                RawClient open = server.raw()) {
            open.get("/");
            assertThat(open.answer().header("connection")).isEmpty();

            server.listener.announceStop();

            try (RawClient idle = server.raw()) {
                open.get("/");
                RawClient.Answer last = open.answer();
                assertThat(last.status()).isEqualTo(200);
                assertThat(last.header("connection")).isEqualTo("close");
                assertThat(open.isEnded()).isTrue();
                idle.get("/");
                assertThat(idle.answer().header("connection")).isEqualTo("close");
            }
            assertThat(server.listener.inFlight().failed()).isZero();
        }
    }

    @Test
    void servesWhatIsInFlight() throws Exception {
        try (TestServer server = TestServer.with(this::routes);
                RawClient client = server.raw()) {
            client.get("/slow");
            assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(server.listener.inFlight().current()).isEqualTo(1);

            CompletableFuture<Duration> drained = inBackground(server);
            TestServer.await(() -> refuses(server));
            assertThat(drained).isNotDone();
            released.countDown();
            RawClient.Answer answer = client.answer();

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("slow");
            assertThat(answer.header("connection")).isEqualTo("close");
            assertThat(client.isEnded()).isTrue();
            client.close();
            assertThat(drained.get(20, TimeUnit.SECONDS)).isLessThan(Duration.ofSeconds(5));
            assertThat(server.listener.inFlight().current()).isZero();
            assertThat(server.listener.inFlight().failed()).isZero();
        }
    }

    @Test
    void servesALateRequestOnAnOpenConnection() throws Exception {
        try (TestServer server = TestServer.with(config -> config.linger(Duration.ofSeconds(9)), this::routes);
                RawClient client = server.raw()) {
            client.get("/");
            assertThat(client.answer().status()).isEqualTo(200);

            CompletableFuture<Duration> drained = inBackground(server);
            TestServer.await(() -> refuses(server));
            client.get("/");
            RawClient.Answer late = client.answer();

            assertThat(late.status()).isEqualTo(200);
            assertThat(late.header("connection")).isEqualTo("close");
            assertThat(client.isEnded()).isTrue();
            client.close();
            assertThat(drained.get(20, TimeUnit.SECONDS)).isLessThan(Duration.ofSeconds(8));
        }
    }

    @Test
    void servesEveryRequestOfAPipeline() throws Exception {
        try (TestServer server = TestServer.with(this::routes);
                RawClient client = server.raw()) {
            client.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n".repeat(3));
            assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();

            server.listener.announceStop();
            released.countDown();

            assertThat(client.answer().header("connection")).isEmpty();
            assertThat(client.answer().header("connection")).isEmpty();
            assertThat(client.answer().header("connection")).isEqualTo("close");
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void closesUnusedConnectionsAfterTheLinger() throws Exception {
        try (TestServer server = TestServer.with(config -> config.linger(Duration.ofMillis(50)), this::routes);
                RawClient used = server.raw();
                RawClient fresh = server.raw()) {
            used.get("/");
            used.answer();
            TestServer.await(() -> server.listener.counts().openConnections() == 2);

            Duration took = server.drain();

            assertThat(took).isLessThan(Duration.ofSeconds(5));
            assertThat(used.isEnded()).isTrue();
            assertThat(fresh.isEnded()).isTrue();
            assertThat(server.listener.counts().openConnections()).isZero();
        }
    }

    @Test
    void aTlsConnectionThatHasSentNothingIsUnused(@TempDir Path directory) throws Exception {
        LoopbackCertificate certificate = LoopbackCertificate.make(directory);
        try (TestServer server = TestServer.with(
                        config -> config.linger(Duration.ofMillis(50)).tls(certificate), this::routes);
                SSLSocket socket = (SSLSocket)
                        certificate.clientContext().getSocketFactory().createSocket("127.0.0.1", server.port());
                RawClient client = new RawClient(socket)) {
            socket.startHandshake();
            TestServer.await(() -> server.listener.counts().openConnections() == 1);

            assertThat(server.drain()).isLessThan(Duration.ofSeconds(5));

            assertThat(client.isEnded()).isTrue();
            assertThat(server.listener.counts().timedOut()).isZero();
            assertThat(server.listener.counts().openConnections()).isZero();
        }
    }

    @Test
    void returnsAtOnceWhenNothingIsOpen() throws Exception {
        try (TestServer server = TestServer.with(config -> config.linger(Duration.ofSeconds(9)), this::routes)) {
            assertThat(server.drain()).isLessThan(Duration.ofSeconds(5));
        }
    }

    @Test
    void returnsAtTheDeadlineAndCutsOnClose() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        try (TestServer server = TestServer.with(http -> http.get("/hang", (_, response) -> {
                    entered.countDown();
                    try {
                        boolean _ = released.await(20, TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                        throw e;
                    }
                }));
                RawClient client = server.raw()) {
            client.get("/hang");
            assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();

            server.listener.drain(Deadline.after(Duration.ofMillis(100), Ticker.system()));
            assertThat(server.listener.inFlight().current()).isEqualTo(1);
            server.listener.close();

            assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(client.isEnded()).isTrue();
            TestServer.await(() -> server.listener.inFlight().current() == 0);
            assertThat(server.listener.inFlight().failed()).isEqualTo(1);
        }
    }

    @Test
    void servesTheBacklog() throws Exception {
        AtomicInteger gated = new AtomicInteger();
        List<RawClient> clients = new ArrayList<>();
        CountDownLatch accepting = new CountDownLatch(1);
        // The gate runs in the drain, before the last accept: connections made now are in the backlog.
        IntPredicate gate = port -> {
            gated.set(port);
            try {
                for (int i = 0; i < 50; i++) {
                    RawClient client = new RawClient(port);
                    clients.add(client);
                    client.get("/");
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            accepting.countDown();
            return true;
        };
        // A client may need longer than the usual linger between its connection and its request.
        try (TestServer server = TestServer.with(config -> config.linger(Duration.ofSeconds(10)), this::routes, gate)) {
            CompletableFuture<Duration> drained = inBackground(server);

            assertThat(accepting.await(50, TimeUnit.SECONDS)).isTrue();
            for (RawClient client : clients) {
                RawClient.Answer answer = client.answer();
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.header("connection")).isEqualTo("close");
                client.close();
            }
            drained.get(50, TimeUnit.SECONDS);
            assertThat(gated).hasValue(server.port());
            assertThat(server.listener.inFlight().failed()).isZero();
        }
    }

    @Test
    void finishesAHeadThatIsArriving() throws Exception {
        try (TestServer server = TestServer.with(config -> config.linger(Duration.ZERO), this::routes);
                RawClient client = server.raw()) {
            client.get("/");
            client.answer();
            client.send("GET / HTTP/1.1\r\nHo");
            TestServer.await(() -> server.listener.counts().openConnections() == 1);
            CompletableFuture<Duration> drained = inBackground(server);
            TestServer.await(() -> refuses(server));

            client.send("st: a\r\n\r\n");

            assertThat(client.answer().status()).isEqualTo(200);
            client.close();
            drained.get(20, TimeUnit.SECONDS);
        }
    }

    private static CompletableFuture<Duration> inBackground(TestServer server) {
        CompletableFuture<Duration> drained = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                drained.complete(server.drain());
            } catch (InterruptedException e) {
                drained.completeExceptionally(e);
            }
        });
        return drained;
    }

    private static boolean refuses(TestServer server) {
        try (RawClient _ = server.raw()) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }
}
