package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.testkit.Await;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Server-sent events. */
class EventStreamTest {
    private final LinkedBlockingQueue<ServerSentEvent> events = new LinkedBlockingQueue<>();
    private final CompletableFuture<EventStream> opened = new CompletableFuture<>();
    private final CountDownLatch returned = new CountDownLatch(1);
    private final AtomicReference<Throwable> thrown = new AtomicReference<>();

    /** Sends what is in the queue. */
    private void forward(Request request, Response response) throws Exception {
        try (EventStream stream = response.events()) {
            opened.complete(stream);
            stream.lastEventId().ifPresent(id -> stream.comment("after " + id));
            while (true) {
                stream.send(events.take());
            }
        } catch (Exception e) {
            thrown.set(e);
            throw e;
        } finally {
            returned.countDown();
        }
    }

    private HttpHandler waiting(EventStreamOptions options) {
        return (_, response) -> {
            try (EventStream stream = response.events(options)) {
                opened.complete(stream);
                stream.awaitEnd();
            } finally {
                returned.countDown();
            }
        };
    }

    private static RawClient.Answer head(RawClient client, String path, String headers) throws IOException {
        client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n");
        return client.answer(false);
    }

    private static String chunk(RawClient client) throws IOException {
        int length = Integer.parseInt(client.line(), 16);
        String text = new String(client.readExactly(length), StandardCharsets.UTF_8);
        assertThat(client.line()).isEmpty();
        return text;
    }

    @Test
    void sendsEvents() throws Exception {
        try (TestServer server = TestServer.with(http -> http.get("/", this::forward));
                RawClient client = server.raw()) {
            RawClient.Answer head = head(client, "/", "Last-Event-ID: 4\u00c3\u00a4\r\n");
            assertThat(head.header("content-type")).isEqualTo("text/event-stream");
            assertThat(head.header("cache-control")).isEqualTo("no-store");
            assertThat(chunk(client)).isEqualTo(": after 4ä\n\n");

            events.add(ServerSentEvent.of("one\ntwo\r\nthree\rfour"));
            assertThat(chunk(client)).isEqualTo("data: one\ndata: two\ndata: three\ndata: four\n\n");
            events.add(ServerSentEvent.of("").withId("7").withName("tick").withRetry(Duration.ofSeconds(2)));
            assertThat(chunk(client)).isEqualTo("retry: 2000\nid: 7\nevent: tick\ndata: \n\n");
            events.add(ServerSentEvent.json(Map.of("text", "a\nb")));
            assertThat(chunk(client)).isEqualTo("data: {\"text\":\"a\\nb\"}\n\n");
            assertThat(server.listener.inFlight().longLived().current()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 365 * 86_400 + 1, Long.MAX_VALUE})
    void aTimeBeforeTheNextAttemptThatNoClientCanWaitIsRefused(long seconds) {
        ServerSentEvent event = ServerSentEvent.of("a");
        Duration time = Duration.ofSeconds(seconds);
        assertThatThrownBy(() -> event.withRetry(time))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("; 0 to 365 days");
        assertThat(event.withRetry(Duration.ofDays(365)).retry()).contains(Duration.ofDays(365));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r", "\0", "a\ndata: injected", "1\r\n\r\n"})
    void idAndNameCannotBreakOut(String text) {
        ServerSentEvent event = ServerSentEvent.of("a");

        assertThatThrownBy(() -> event.withId(text)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> event.withName(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aCommentCannotBreakOut() throws Exception {
        try (TestServer server = TestServer.with(http -> http.get("/", (_, response) -> {
                    try (EventStream stream = response.events()) {
                        stream.comment("a\n\ndata: injected\r\rid: 1");
                    }
                }));
                RawClient client = server.raw()) {
            assertThat(head(client, "/", "").status()).isEqualTo(200);
            assertThat(chunk(client)).isEqualTo(": a\n: \n: data: injected\n: \n: id: 1\n\n");
            assertThat(client.line()).isEqualTo("0");
        }
    }

    @Test
    void keepsTheConnectionByComments() throws Exception {
        EventStreamOptions options = EventStreamOptions.defaults().withHeartbeat(Duration.ofMillis(50));
        try (TestServer server = TestServer.with(
                        limits -> limits.stallTimeout(Duration.ofMillis(500)),
                        http -> http.get("/", waiting(options)));
                RawClient client = server.raw()) {
            assertThat(head(client, "/", "").status()).isEqualTo(200);
            for (int i = 0; i < 20; i++) {
                assertThat(chunk(client)).isEqualTo(":\n\n");
            }
        }
        assertThat(returned.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void theHandlerReturnsWhenTheClientGoes() throws Exception {
        try (TestServer server = TestServer.with(http -> http.get("/", waiting(EventStreamOptions.defaults())))) {
            try (RawClient client = server.raw()) {
                assertThat(head(client, "/", "").status()).isEqualTo(200);
                client.abort();
            }
            assertThat(returned.await(20, TimeUnit.SECONDS)).isTrue();
            EventStream stream = opened.join();
            assertThat(stream.isOpen()).isFalse();
            assertThat(stream.offer(ServerSentEvent.of("late"))).isFalse();
            assertThatThrownBy(() -> stream.send("late")).isInstanceOf(ClientGoneException.class);
            Await.until(
                    "the place is free",
                    () -> server.listener.inFlight().longLived().current() == 0);
        }
    }

    @Test
    void aClientThatDoesNotReadIsDisconnected() throws Exception {
        EventStreamOptions options = EventStreamOptions.defaults().withMaxPending(64 * 1024);
        try (TestServer server = TestServer.with(http -> http.get("/", waiting(options)));
                RawClient client = server.raw()) {
            assertThat(head(client, "/", "").status()).isEqualTo(200);
            EventStream stream = opened.join();
            ServerSentEvent event = ServerSentEvent.of("x".repeat(8 * 1024));
            int accepted = 0;
            while (accepted < 20_000 && stream.offer(event)) {
                accepted++;
            }

            assertThat(accepted).isLessThan(20_000);
            assertThat(stream.isOpen()).isFalse();
            assertThat(returned.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aSlowClientMakesTheSenderWait() throws Exception {
        AtomicInteger sent = new AtomicInteger();
        try (TestServer server = TestServer.with(http -> http.get("/", (_, response) -> {
                    try (EventStream stream = response.events()) {
                        for (int i = 0; i < 5_000; i++) {
                            stream.send("x".repeat(8 * 1024));
                            sent.incrementAndGet();
                        }
                    }
                }));
                RawClient client = server.raw()) {
            assertThat(head(client, "/", "").status()).isEqualTo(200);
            Await.until("something was sent", () -> sent.get() > 0);
            int chunks = 0;
            for (String line = client.line(); !line.equals("0"); line = client.line()) {
                byte[] _ = client.readExactly(Integer.parseInt(line, 16) + 2);
                chunks++;
            }

            assertThat(chunks).isPositive();
            assertThat(sent).hasValue(5_000);
        }
    }

    @Test
    void aShutdownEndsItAtOnce() throws Exception {
        try (TestServer server = TestServer.with(http -> http.get("/", this::forward));
                RawClient client = server.raw()) {
            assertThat(head(client, "/", "").status()).isEqualTo(200);
            EventStream _ = opened.join();

            Duration took = server.drain();

            assertThat(chunk(client)).isEqualTo(": the server is shutting down\n\n");
            assertThat(client.line()).isEqualTo("0");
            assertThat(took).isLessThan(Duration.ofSeconds(4));
            assertThat(returned.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(server.listener.inFlight().failed()).isZero();
        }
    }

    @Test
    void aCallbackSaysGoodbye() throws Exception {
        EventStreamOptions options = EventStreamOptions.defaults().withOnDrain(_ -> {
            EventStream stream = opened.join();
            stream.send(ServerSentEvent.of("bye").withRetry(Duration.ofMillis(10)));
            stream.close();
        });
        try (TestServer server = TestServer.with(http -> http.get("/", waiting(options)));
                RawClient client = server.raw()) {
            assertThat(head(client, "/", "").status()).isEqualTo(200);
            EventStream stream = opened.join();

            Duration _ = server.drain();

            assertThat(chunk(client)).isEqualTo("retry: 10\ndata: bye\n\n");
            assertThat(client.line()).isEqualTo("0");
            assertThatThrownBy(() -> stream.send("late")).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void headEndsWithItsHead() throws Exception {
        try (TestServer server = TestServer.with(http -> http.get("/", this::forward));
                RawClient client = server.raw()) {
            client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
            RawClient.Answer answer = client.answer(false);

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("content-type")).isEqualTo("text/event-stream");
            events.add(ServerSentEvent.of("a"));
            assertThat(returned.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(thrown.get()).isInstanceOf(ClientGoneException.class);
        }
    }

    @Test
    void isLimitedAndKeepsTheHeadersOfInterceptors() throws Exception {
        try (TestServer server = TestServer.with(
                        limits -> limits.maxLongLived(1), http -> http.intercept((request, response, next) -> {
                                    response.header("X-Outer", "1");
                                    next.handle(request, response);
                                })
                                .get("/", waiting(EventStreamOptions.defaults())));
                RawClient first = server.raw();
                RawClient second = server.raw()) {
            assertThat(head(first, "/", "").header("x-outer")).isEqualTo("1");
            RawClient.Answer refused = head(second, "/", "");

            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.header("x-outer")).isEqualTo("1");
            assertThat(refused.header("content-type")).isEqualTo("application/problem+json");
        }
    }

    @Test
    void severalThreadsMaySend() throws Exception {
        try (TestServer server = TestServer.with(http -> http.get("/", waiting(EventStreamOptions.defaults())));
                RawClient client = server.raw()) {
            assertThat(head(client, "/", "").status()).isEqualTo(200);
            EventStream stream = opened.join();
            List<Thread> senders = List.of("a", "b", "c").stream()
                    .map(text -> Thread.ofVirtual().start(() -> {
                        for (int i = 0; i < 500; i++) {
                            stream.send(text.repeat(100));
                        }
                    }))
                    .toList();
            for (int i = 0; i < 1_500; i++) {
                assertThat(chunk(client)).matches("data: (a{100}|b{100}|c{100})\n\n");
            }
            for (Thread sender : senders) {
                sender.join();
            }
        }
    }

    @Test
    void worksWithHttp2() throws Exception {
        try (TestServer server = TestServer.with(http -> http.get("/", waiting(EventStreamOptions.defaults())))) {
            HttpClient client =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
            try {
                HttpResponse<InputStream> answer = client.send(
                        HttpRequest.newBuilder(URI.create(server.listener.url() + "/"))
                                .build(),
                        HttpResponse.BodyHandlers.ofInputStream());
                assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
                opened.join().send("one");
                byte[] event = "data: one\n\n".getBytes(StandardCharsets.UTF_8);
                assertThat(answer.body().readNBytes(event.length)).isEqualTo(event);
            } finally {
                client.shutdownNow();
            }
            assertThat(returned.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }
}
