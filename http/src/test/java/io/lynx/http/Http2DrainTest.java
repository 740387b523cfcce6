package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.testkit.Await;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The drain of connections of HTTP/2. */
class Http2DrainTest {
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    private void routes(Routes http) {
        http.get("/", (_, response) -> response.send("ok")).get("/slow", (_, response) -> {
            entered.countDown();
            assertThat(released.await(20, TimeUnit.SECONDS)).isTrue();
            response.send("slow");
        });
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

    @Test
    void tellsByGoAwayTwice() throws Exception {
        try (TestServer server = TestServer.with(this::routes);
                Http2RawClient client = new Http2RawClient(server.port())) {
            client.get(1, "/slow");
            assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();

            server.listener.announceStop();
            Http2RawClient.Frame first = client.next(Http2RawClient.GOAWAY);
            assertThat(first.number()).isEqualTo(Integer.MAX_VALUE);

            client.get(3, "/");
            assertThat(client.answer(3)).isEqualTo("200 ok");

            CompletableFuture<Duration> drained = inBackground(server);
            client.next(Http2RawClient.PING);
            assertThat(client.next(Http2RawClient.GOAWAY).number()).isEqualTo(3);
            released.countDown();
            assertThat(client.answer(1)).isEqualTo("200 slow");
            assertThat(client.isEnded()).isTrue();
            client.close();

            assertThat(drained.get(20, TimeUnit.SECONDS)).isLessThan(Duration.ofSeconds(5));
            assertThat(server.listener.inFlight().failed()).isZero();
        }
    }

    @Test
    void leavesTheEndOfTheConnectionToTheClient() throws Exception {
        try (TestServer server = TestServer.with(config -> config.linger(Duration.ofSeconds(30)), this::routes);
                Http2RawClient client = new Http2RawClient(server.port())) {
            client.get(1, "/slow");
            assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
            CompletableFuture<Duration> drained = inBackground(server);
            while (client.lastStream != 1) {
                client.next(Http2RawClient.GOAWAY);
            }
            released.countDown();
            assertThat(client.answer(1)).isEqualTo("200 slow");

            // The connection goes on, so that its end cannot overtake the answer in the client.
            client.send(Http2RawClient.PING, 0, 0, new byte[8]);
            assertThat(client.next(Http2RawClient.PING).isAck()).isTrue();
            assertThat(drained).isNotDone();
            client.close();

            // The client has closed, so the server does not wait for the linger.
            assertThat(drained.get(20, TimeUnit.SECONDS)).isLessThan(Duration.ofSeconds(9));
            assertThat(server.listener.inFlight().failed()).isZero();
        }
    }

    @Test
    void servesAStreamThatCrossesTheFirstGoAway() throws Exception {
        try (TestServer server = TestServer.with(this::routes);
                Http2RawClient client = new Http2RawClient(server.port())) {
            client.get(1, "/");
            assertThat(client.answer(1)).isEqualTo("200 ok");
            CompletableFuture<Duration> drained = inBackground(server);

            // Not answering the ping yet is being ignorant of the GOAWAY.
            client.get(3, "/");
            assertThat(client.answer(3)).isEqualTo("200 ok");
            while (client.lastStream != 3) {
                client.next(Http2RawClient.GOAWAY);
            }
            assertThat(client.isEnded()).isTrue();
            client.close();

            assertThat(drained.get(20, TimeUnit.SECONDS)).isLessThan(Duration.ofSeconds(8));
        }
    }

    /** When the connection ends, the JDK's client drops what it has received and not passed on yet. */
    @Test
    void aClientThatReadsLateReceivesAll() throws Exception {
        CountDownLatch sent = new CountDownLatch(1);
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
        try (TestServer server = TestServer.with(
                config -> config.linger(Duration.ofSeconds(5)),
                http -> http.get("/", (_, response) -> {
                    try (EventStream events = response.events()) {
                        events.send("one");
                        events.send("two");
                        sent.countDown();
                        events.awaitEnd();
                    }
                }))) {
            HttpResponse<InputStream> answer = client.send(
                    HttpRequest.newBuilder(URI.create(server.listener.url() + "/"))
                            .build(),
                    HttpResponse.BodyHandlers.ofInputStream());
            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
            // The head is sent before the events.
            assertThat(sent.await(20, TimeUnit.SECONDS)).isTrue();

            CompletableFuture<Duration> drained = inBackground(server);
            Await.until(
                    "the answer has ended",
                    () -> server.listener.inFlight().longLived().current() == 0);

            try (InputStream body = answer.body()) {
                assertThat(new String(body.readAllBytes(), StandardCharsets.UTF_8))
                        .isEqualTo("data: one\n\ndata: two\n\n: the server is shutting down\n\n");
            }
            // It leaves the end of the connection to the server.
            assertThat(drained.get(20, TimeUnit.SECONDS)).isPositive();
        } finally {
            client.shutdownNow();
        }
    }
}
