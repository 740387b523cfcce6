package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.testkit.LoopbackCertificate;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LimitsTest {
    private static final Duration SHORT = Duration.ofMillis(150);

    @Test
    void refusesBodiesThatAreTooLarge() throws Exception {
        try (TestServer server = TestServer.with(config -> config.maxBodySize(100_000), http -> http.post(
                                "/", (request, response) -> response.send(request.bytes().length + ""))
                        .post(
                                "/small",
                                RouteOptions.defaults().withMaxBodySize(10),
                                (request, response) -> response.send(request.text())));
                RawClient announced = server.raw();
                RawClient chunked = server.raw()) {
            announced.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100001\r\n\r\nx");
            RawClient.Answer refused = announced.answer();
            chunked.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
            chunked.send(("10000\r\n" + "x".repeat(65536) + "\r\n").repeat(2));
            RawClient.Answer cut = chunked.answer();

            assertThat(refused.status()).isEqualTo(413);
            assertThat(refused.header("connection")).isEqualTo("close");
            assertThat(refused.body()).contains("larger than 100000 bytes");
            assertThat(cut.status()).isEqualTo(413);
            assertThat(server.send("POST", "/small", "12345678901").statusCode())
                    .isEqualTo(413);
            assertThat(server.send("POST", "/small", "1234567890").body()).isEqualTo("1234567890");
            assertThat(server.send("POST", "/", "x".repeat(100_000)).body()).isEqualTo("100000");
        }
    }

    @Test
    void refusesHeadsThatAreTooLarge() throws Exception {
        try (TestServer server = TestServer.with(
                        config -> config.maxHeaderSize(2048).maxUriLength(512),
                        http -> http.get("/{x...}", (_, response) -> response.send("ok")));
                RawClient line = server.raw();
                RawClient headers = server.raw()) {
            line.get("/" + "a".repeat(600));
            headers.send("GET /a HTTP/1.1\r\nHost: a\r\nX-Large: " + "b".repeat(3000) + "\r\n\r\n");

            RawClient.Answer tooLong = line.answer();
            RawClient.Answer tooLarge = headers.answer();

            assertThat(tooLong.status()).isEqualTo(414);
            assertThat(tooLong.header("content-type")).isEqualTo("application/problem+json");
            assertThat(line.isEnded()).isTrue();
            assertThat(tooLarge.status()).isEqualTo(431);
            assertThat(headers.isEnded()).isTrue();
            assertThat(server.get("/" + "a".repeat(400)).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void closesAHeadThatDripsIn() throws Exception {
        try (TestServer server = TestServer.with(config -> config.headerTimeout(SHORT), http -> {});
                RawClient client = server.raw()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n");
            Thread dripping = Thread.startVirtualThread(() -> drip(client));

            RawClient.Answer answer = client.answer();

            assertThat(answer.status()).isEqualTo(408);
            assertThat(answer.header("connection")).isEqualTo("close");
            dripping.interrupt();
            assertThat(server.listener.counts().timedOut()).isEqualTo(1);
        }
    }

    private static void drip(RawClient client) {
        CountDownLatch never = new CountDownLatch(1);
        try {
            while (!never.await(20, TimeUnit.MILLISECONDS)) {
                client.send("X-A: b\r\n");
            }
        } catch (IOException | InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void refusesABodyThatStalls() throws Exception {
        try (TestServer server = TestServer.with(
                        config -> config.stallTimeout(SHORT),
                        http -> http.post("/", (request, response) -> response.send(request.text())));
                RawClient small = server.raw();
                RawClient large = server.raw()) {
            small.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf");
            large.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n" + "x".repeat(100_000));

            assertThat(small.answer().status()).isEqualTo(408);
            assertThat(large.answer().status()).isEqualTo(408);
            assertThat(small.isEnded()).isTrue();
            TestServer.await(() -> server.listener.inFlight().current() == 0);
        }
    }

    @Test
    void cutsAClientThatDoesNotReadItsAnswer() throws Exception {
        CountDownLatch stopped = new CountDownLatch(1);
        try (TestServer server = TestServer.with(
                        config -> config.stallTimeout(SHORT),
                        http -> http.get("/endless", (_, response) -> {
                            byte[] piece = new byte[64 * 1024];
                            try (var out = response.stream()) {
                                while (true) {
                                    out.write(piece);
                                }
                            } catch (IOException e) {
                                stopped.countDown();
                            }
                        }));
                RawClient client = server.raw()) {
            client.get("/endless");

            assertThat(stopped.await(20, TimeUnit.SECONDS)).isTrue();
            TestServer.await(() -> server.listener.counts().openConnections() == 0);
            assertThat(server.listener.counts().timedOut()).isEqualTo(1);
            assertThat(server.listener.counts().abandoned()).isZero();
            TestServer.await(() -> server.listener.inFlight().current() == 0);
        }
    }

    @Test
    void endsRequestsThatTakeTooLong() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        try (TestServer server =
                TestServer.with(config -> config.requestTimeout(Duration.ofSeconds(1)), http -> http.get(
                                "/", RouteOptions.defaults().interruptWhenCancelled(), (_, response) -> {
                                    try {
                                        boolean _ = new CountDownLatch(1).await(20, TimeUnit.SECONDS);
                                    } catch (InterruptedException e) {
                                        interrupted.countDown();
                                    }
                                    response.send("too late");
                                })
                        .get("/patient", RouteOptions.defaults().withTimeout(Duration.ZERO), (_, response) -> {
                            boolean _ = new CountDownLatch(1).await(1500, TimeUnit.MILLISECONDS);
                            response.send("done");
                        }))) {
            HttpResponse<String> answer = server.get("/");

            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("retry-after")).contains("1");
            assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(server.get("/patient").body()).isEqualTo("done");
        }
    }

    @Test
    void aConnectionBetweenRequestsIsIdle() throws Exception {
        try (TestServer server = TestServer.with(
                        config -> config.headerTimeout(SHORT),
                        http -> http.post("/", (request, response) -> response.send(request.text())));
                RawClient client = server.raw()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n");
            TestServer.await(() -> server.listener.inFlight().current() == 1);
            client.send("body");
            assertThat(client.answer().body()).isEqualTo("body");

            pause(SHORT.multipliedBy(4));
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nmore");

            assertThat(client.answer().body()).isEqualTo("more");
            assertThat(server.listener.counts().timedOut()).isZero();
        }
    }

    @Test
    void aTlsConnectionBeforeItsFirstRequestIsIdle(@TempDir Path directory) throws Exception {
        LoopbackCertificate certificate = LoopbackCertificate.make(directory);
        try (TestServer server = TestServer.with(
                        config -> config.headerTimeout(Duration.ofSeconds(4)).tls(certificate),
                        http -> http.get("/", (_, response) -> response.send("ok")));
                SSLSocket socket = (SSLSocket)
                        certificate.clientContext().getSocketFactory().createSocket("127.0.0.1", server.port());
                RawClient client = new RawClient(socket)) {
            socket.startHandshake();

            pause(Duration.ofSeconds(5));
            client.get("/");

            assertThat(client.answer().body()).isEqualTo("ok");
            assertThat(server.listener.counts().timedOut()).isZero();
        }
    }

    /** Lets real time pass: the limit that must not apply is one of the sockets'. */
    private static void pause(Duration time) throws InterruptedException {
        boolean _ = new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Test
    void closesIdleConnectionsButNotBusyOnes() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        try (TestServer server = TestServer.with(config -> config.idleTimeout(Duration.ofSeconds(2)), http -> http.get(
                                "/", (_, response) -> response.send("ok"))
                        .get("/slow", (_, response) -> {
                            boolean _ = released.await(20, TimeUnit.SECONDS);
                            response.send("slow");
                        }));
                RawClient idle = server.raw();
                RawClient busy = server.raw()) {
            busy.get("/slow");
            idle.get("/");
            assertThat(idle.answer().status()).isEqualTo(200);

            assertThat(idle.isEnded()).isTrue();
            released.countDown();
            assertThat(busy.answer().body()).isEqualTo("slow");
        }
    }

    @Test
    void closesConnectionsBeyondTheLimit() throws Exception {
        try (TestServer server = TestServer.with(
                        config -> config.maxConnections(1),
                        http -> http.get("/", (_, response) -> response.send("ok")));
                RawClient first = server.raw()) {
            first.get("/");
            assertThat(first.answer().status()).isEqualTo(200);

            try (RawClient second = server.raw()) {
                assertThat(second.isEnded()).isTrue();
            }
            assertThat(server.listener.counts().refusedConnections()).isEqualTo(1);
            first.close();
            TestServer.await(() -> server.listener.counts().openConnections() == 0);
            try (RawClient third = server.raw()) {
                third.get("/");
                assertThat(third.answer().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void refusesRequestsBeyondTheLimit() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        try (TestServer server = TestServer.with(
                        config -> config.maxInFlight(1),
                        http -> http.get("/", (_, response) -> {
                            entered.countDown();
                            boolean _ = released.await(20, TimeUnit.SECONDS);
                            response.send("ok");
                        }));
                RawClient first = server.raw();
                RawClient second = server.raw()) {
            first.get("/");
            assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();

            second.get("/");
            RawClient.Answer refused = second.answer();

            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.header("retry-after")).isEqualTo("1");
            assertThat(refused.body()).contains("too many requests");
            released.countDown();
            assertThat(first.answer().status()).isEqualTo(200);
            TestServer.await(() -> server.listener.inFlight().current() == 0);
            second.get("/");
            assertThat(second.answer().status()).isEqualTo(200);
            assertThat(server.listener.counts().refusedRequests()).isEqualTo(1);
        }
    }

    @Test
    void tellsAReaderThatItsClientIsGone() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch told = new CountDownLatch(1);
        try (TestServer server = TestServer.with(http -> http.post("/", (request, response) -> {
            entered.countDown();
            try {
                response.send(request.text());
            } catch (ClientGoneException e) {
                told.countDown();
                throw e;
            }
        }))) {
            try (RawClient client = server.raw()) {
                client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n" + "x".repeat(100_000));
                assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
                client.abort();
            }

            assertThat(told.await(20, TimeUnit.SECONDS)).isTrue();
            TestServer.await(() -> server.listener.inFlight().current() == 0);
        }
    }
}
