package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Answers that last for as long as their clients stay, such as server-sent events. */
class LongLivedAnswerTest {
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final CountDownLatch returned = new CountDownLatch(1);
    private final AtomicBoolean cancelled = new AtomicBoolean();

    private static void send(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /** Sends events until the drain begins. */
    private void events(Request request, Response response) throws Exception {
        response.type("text/event-stream");
        try (OutputStream out = response.longLived(_ -> events.add("end"))) {
            for (String event = events.take(); !event.equals("end"); event = events.take()) {
                send(out, "data: " + event + "\n\n");
            }
            send(out, ": bye\n\n");
        }
    }

    /** Never ends by itself. */
    private void stubborn(Request request, Response response) throws IOException {
        try (OutputStream out = response.longLived(_ -> {
            throw new IllegalStateException("a callback that fails");
        })) {
            while (true) {
                send(out, "data: " + events.take() + "\n\n");
            }
        } catch (InterruptedException interrupted) {
            cancelled.set(request.isCancelled());
        } finally {
            returned.countDown();
        }
    }

    private TestServer server() {
        return TestServer.with(config -> config.maxLongLived(1), http -> http.get("/events", this::events)
                .get("/stubborn", this::stubborn)
                .get("/", (_, response) -> response.send("ok")));
    }

    private static String event(RawClient client) throws IOException {
        int length = Integer.parseInt(client.line(), 16);
        String text = new String(client.readExactly(length), StandardCharsets.UTF_8);
        assertThat(client.line()).isEmpty();
        return text;
    }

    private static void awaitHead(RawClient client) throws IOException {
        assertThat(client.line()).isEqualTo("HTTP/1.1 200 OK");
        for (String line = client.line(); !line.isEmpty(); line = client.line()) {
            assertThat(line).contains(":");
        }
    }

    @Test
    void isCountedApartAndHasALimit() throws Exception {
        try (TestServer server = server();
                RawClient client = server.raw()) {
            client.get("/events");
            awaitHead(client);
            TestServer.await(() -> server.listener.inFlight().current() == 0);
            assertThat(server.listener.inFlight().longLived().current()).isEqualTo(1);

            assertThat(server.get("/events").statusCode()).isEqualTo(503);
            assertThat(server.get("/").statusCode()).isEqualTo(200);

            events.add("one");
            assertThat(event(client)).isEqualTo("data: one\n\n");
            events.add("end");
            assertThat(event(client)).isEqualTo(": bye\n\n");
            TestServer.await(() -> server.listener.inFlight().longLived().current() == 0);
        }
    }

    @Test
    void saysGoodbyeWhenTheDrainBegins() throws Exception {
        try (TestServer server = server();
                RawClient client = server.raw()) {
            client.get("/events");
            awaitHead(client);

            CompletableFuture<Duration> drain = CompletableFuture.supplyAsync(() -> drain(server));

            assertThat(event(client)).isEqualTo(": bye\n\n");
            assertThat(client.line()).isEqualTo("0");
            assertThat(drain.get(20, TimeUnit.SECONDS)).isLessThan(Duration.ofSeconds(10));
            assertThat(server.listener.inFlight().failed()).isZero();
        }
    }

    @Test
    void isCompletedInTheMiddleOfTheBudget() throws Exception {
        try (TestServer server = server();
                RawClient client = server.raw()) {
            client.get("/stubborn");
            awaitHead(client);

            CompletableFuture<Duration> drain = CompletableFuture.supplyAsync(() -> drain(server));

            assertThat(client.line()).isEqualTo("0");
            assertThat(returned.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(cancelled).isTrue();
            assertThat(drain.get(20, TimeUnit.SECONDS)).isGreaterThan(Duration.ofSeconds(4));
            assertThat(server.listener.inFlight().longLived().ended()).isEqualTo(1);
        }
    }

    private static Duration drain(TestServer server) {
        try {
            return server.drain();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void isRefusedOnTheEventLoop() throws Exception {
        try (TestServer server = TestServer.with(
                http -> http.get("/", RouteOptions.nonBlocking(), (_, response) -> response.longLived(_ -> {})
                        .close()))) {
            assertThat(server.get("/").statusCode()).isEqualTo(500);
        }
    }

    @Test
    void reportsNameTheRouteAndTheThread() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        try (TestServer server = TestServer.with(http -> http.get("/orders/{id}", (_, response) -> {
                    entered.countDown();
                    boolean _ = released.await(20, TimeUnit.SECONDS);
                    response.send("ok");
                }));
                RawClient client = server.raw()) {
            client.get("/orders/7");
            assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();

            assertThat(server.listener.requests(10)).singleElement().satisfies(request -> {
                assertThat(request.route()).isEqualTo("GET /orders/{id}");
                assertThat(request.thread()).isNotNull();
            });
            released.countDown();
            assertThat(client.answer().body()).isEqualTo("ok");
        }
    }
}
