package io.lynx.http.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lynx.http.RouteOptions;
import io.lynx.http.client.HttpCallException.Reason;
import io.lynx.json.TypeOf;
import io.lynx.testkit.Await;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Calls to a service that behaves. */
class HttpClientTest {
    /** What the service stores. */
    public record Item(String id, int count) {}

    @Test
    void sendsPathQueryAndHeaders() {
        try (TestService service = TestService.with(
                        routes -> routes.get("/base/items/{id}", (request, response) -> response.header("X-Twice", "a")
                                .addHeader("X-Twice", "b")
                                .send(request.path() + " " + request.path("id") + " " + request.queryAll("q") + " "
                                        + request.header("x-own").orElse("") + " "
                                        + request.header("x-default").orElse("")
                                        + " " + request.authority().orElse(""))));
                HttpClient client = service.client()
                        .url("http://127.0.0.1:" + service.listener.port() + "/base/")
                        .header("X-Default", "default")
                        .header("X-Own", "default")
                        .build()) {
            ClientResponse response = client.get("/items/{id}", "a b/ü?")
                    .query("q", "1&2")
                    .query("q", "ö")
                    .header("X-Own", "own")
                    .send();

            assertThat(response.status()).isEqualTo(200);
            assertThat(response.text())
                    .isEqualTo("/base/items/a%20b%2F%C3%BC%3F a b/ü? [1&2, ö] own default 127.0.0.1:"
                            + service.listener.port());
            assertThat(response.headers("x-twice")).containsExactly("a", "b");
            assertThat(response.header("X-TWICE")).contains("a");
        }
    }

    @Test
    void refusesWhatCannotBeSent() {
        try (HttpClient client =
                HttpClient.builder("inventory").url("http://127.0.0.1:1").build()) {
            assertThatThrownBy(() -> client.get("items")).hasMessageContaining("starts with /");
            assertThatThrownBy(() -> client.get("/items/{id}")).hasMessageContaining("a value for each variable");
            assertThatThrownBy(() -> client.get("/items", 7)).hasMessageContaining("a value for each variable");
            assertThatThrownBy(() -> client.get("/items/{id}", "..")).hasMessageContaining("'..'");
            assertThatThrownBy(() -> client.get("/items?x=1")).hasMessageContaining("query(name, value)");
            assertThatThrownBy(() -> client.get("/a b")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> client.request("get", "/")).hasMessageContaining("capital letters");
            assertThatThrownBy(() -> client.get("/").header("Host", "x")).hasMessageContaining("the client sets it");
            assertThatThrownBy(() -> client.get("/").header("X", "a\r\nY: b")).hasMessageContaining("character 13");
            assertThatThrownBy(() -> client.get("/").header("X\n", "a")).hasMessageContaining("header name");
        }
    }

    @Test
    void readsAndWritesJson() {
        try (TestService service = TestService.with(routes -> routes.post("/items", (request, response) -> {
                            Item item = request.json(Item.class);
                            response.status(201).json(List.of(item, new Item("b", 2)));
                        })
                        .get("/missing", (_, response) -> response.problem(404, "none")));
                HttpClient client = service.client().build()) {
            List<Item> items = client.post("/items").json(new Item("a", 1)).fetch(new TypeOf<List<Item>>() {});

            assertThat(items).containsExactly(new Item("a", 1), new Item("b", 2));
            HttpStatusException missing = catchThrowableOfType(
                    HttpStatusException.class, () -> client.get("/missing").fetch(Item.class));
            assertThat(missing).hasMessage("inventory: GET /missing: answered with status 404");
            assertThat(missing.response().text()).contains("none");
            HttpCallException malformed = catchThrowableOfType(
                    HttpCallException.class,
                    () -> client.post("/items").json(new Item("a", 1)).fetch(Item.class));
            assertThat(malformed.reason()).isEqualTo(Reason.MALFORMED);
        }
    }

    @Test
    void sendsEveryMethod() {
        try (TestService service = TestService.with(routes -> routes.get("/", (_, response) -> response.send("get"))
                        .put("/", (request, response) -> response.send("put " + request.text()))
                        .delete("/", (_, response) -> response.noContent())
                        .patch("/", (request, response) -> response.send("patch " + request.bytes().length)));
                HttpClient client = service.client().build()) {
            assertThat(client.get("/").send().text()).isEqualTo("get");
            assertThat(client.head("/").send().header("content-length")).contains("3");
            assertThat(client.put("/").text("ü").send().text()).isEqualTo("put ü");
            assertThat(client.delete("/").send().status()).isEqualTo(204);
            assertThat(client.patch("/").send().text()).isEqualTo("patch 0");
            Await.until("one connection is idle", () -> client.counts().idle() == 1);
        }
    }

    @Test
    void sharesFewConnections() throws Exception {
        Set<Object> connections = ConcurrentHashMap.newKeySet();
        try (TestService service = TestService.with(routes -> routes.get("/{n}", (request, response) -> {
                    connections.add(request.connection());
                    response.send(request.path("n"));
                }));
                HttpClient client = service.client().maxConnections(4).build();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                int number = i;
                answers.add(
                        threads.submit(() -> client.get("/{n}", number).send().text()));
            }
            for (int i = 0; i < 1000; i++) {
                assertThat(answers.get(i).get(20, TimeUnit.SECONDS)).isEqualTo("" + i);
            }
            assertThat(connections).hasSizeBetween(1, 4);
            Await.until("all connections are idle", () -> client.counts().active() == 0);
            assertThat(client.counts().idle()).isEqualTo(connections.size());
        }
    }

    @Test
    void aCallThatFindsNoConnectionIsRefused() throws Exception {
        CountDownLatch hold = new CountDownLatch(1);
        try (TestService service = TestService.with(routes -> routes.get("/", (_, response) -> {
                    hold.await();
                    response.send("ok");
                }));
                HttpClient client = new HttpClientBuilder("inventory", Configs.with("max_wait", "10ms"))
                        .url("http://127.0.0.1:" + service.listener.port())
                        .maxConnections(1)
                        .build();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> first = threads.submit(() -> client.get("/").send().status());
            Await.until("the connection is in use", () -> client.counts().active() == 1);

            HttpCallException busy = catchThrowableOfType(
                    HttpCallException.class, () -> client.get("/").send());

            assertThat(busy.reason()).isEqualTo(Reason.BUSY);
            assertThat(busy).hasMessageContaining("all 1 connections").hasMessageContaining("max_connections");
            hold.countDown();
            assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo(200);
        }
    }

    @Test
    void streamsUp() {
        byte[] bytes = new byte[3_000_000];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 31);
        }
        try (TestService service = TestService.with(routes -> routes.post(
                        "/",
                        (request, response) -> response.send(request.header("content-length")
                                        .orElse("none") + " " + java.util.Arrays.hashCode(request.bytes()))));
                HttpClient client = service.client().build()) {
            String hash = "" + java.util.Arrays.hashCode(bytes);

            assertThat(client.post("/").body(bytes).send().text()).isEqualTo("3000000 " + hash);
            assertThat(client.post("/")
                            .body(new ByteArrayInputStream(bytes), bytes.length)
                            .send()
                            .text())
                    .isEqualTo("3000000 " + hash);
            assertThat(client.post("/")
                            .body(new ByteArrayInputStream(bytes), -1)
                            .send()
                            .text())
                    .isEqualTo("none " + hash);
            assertThatThrownBy(() -> client.post("/")
                            .body(new ByteArrayInputStream(new byte[3]), 4)
                            .send())
                    .hasMessageContaining("only 3 bytes; 4 were announced");
            assertThat(client.post("/").body(new byte[0]).send().text()).startsWith("0 ");
        }
    }

    @Test
    void streamsDown() throws Exception {
        int size = 5_000_000;
        try (TestService service = TestService.with(routes -> routes.get("/", (_, response) -> {
                    try (OutputStream out = response.stream()) {
                        for (int i = 0; i < size / 1000; i++) {
                            out.write(new byte[1000]);
                        }
                    }
                }));
                HttpClient client = service.client().build()) {
            try (StreamedResponse response = client.get("/").open()) {
                assertThat(response.status()).isEqualTo(200);
                assertThat(client.counts().inFlight()).isEqualTo(1);
                assertThat(response.stream().readAllBytes()).hasSize(size);
            }
            Await.until("the connection is free", () -> client.counts().idle() == 1);
            assertThat(client.counts().inFlight()).isZero();
            try (StreamedResponse response = client.get("/").open();
                    InputStream in = response.stream()) {
                assertThat(in.readNBytes(1000)).hasSize(1000);
            }
            Await.until(
                    "the connection is closed",
                    () -> client.counts().idle() + client.counts().active() == 0);
        }
    }

    @Test
    void refusesLargeBodies() {
        try (TestService service =
                        TestService.with(routes -> routes.get("/", (_, response) -> response.send(new byte[2000])));
                HttpClient client = service.client().maxBodySize(1999).build()) {
            HttpCallException failure = catchThrowableOfType(
                    HttpCallException.class, () -> client.get("/").send());

            assertThat(failure.reason()).isEqualTo(Reason.TOO_LARGE);
        }
    }

    @Test
    void mustNotBlockAnEventLoop() {
        AtomicReference<HttpClient> used = new AtomicReference<>();
        try (TestService service = TestService.with(routes -> routes.get(
                                "/inner", (_, response) -> response.send("inner"))
                        .get("/outer", RouteOptions.nonBlocking(), (_, response) -> {
                            try {
                                response.send(used.get().get("/inner").send().text());
                            } catch (IllegalStateException refused) {
                                response.status(500).send("" + refused.getMessage());
                            }
                        }));
                HttpClient client = service.client().build()) {
            used.set(client);

            assertThat(client.get("/outer").send().text()).contains("called on an event loop, which must not wait");
        }
    }

    @Test
    void followsRedirectsWithinTheServiceIfConfigured() {
        try (TestService service =
                        TestService.with(routes -> routes.get("/a", (_, response) -> response.redirect("/b?x=1"))
                                .get(
                                        "/b",
                                        (request, response) -> response.redirect(
                                                307, "c/" + request.query("x").orElse("")))
                                .get("/c/1", (_, response) -> response.send("end"))
                                .get("/loop", (_, response) -> response.redirect("/loop"))
                                .get("/away", (_, response) -> response.redirect("http://example.com/"))
                                .post("/form", (_, response) -> response.redirect(303, "/c/1")));
                HttpClient plain = service.client().build();
                HttpClient following = service.client().maxRedirects(3).build()) {
            assertThat(plain.get("/a").send().status()).isEqualTo(302);
            assertThat(following.get("/a").send().text()).isEqualTo("end");
            assertThat(following.get("/loop").send().status()).isEqualTo(302);
            assertThat(following.get("/away").send().status()).isEqualTo(302);
            assertThat(following.post("/form").text("x").send().text()).isEqualTo("end");
        }
    }

    @Test
    void anInterruptEndsTheCall() throws Exception {
        CountDownLatch hold = new CountDownLatch(1);
        try (TestService service = TestService.with(routes -> routes.get("/", (_, _) -> hold.await()));
                HttpClient client = service.client().build()) {
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread thread = Thread.ofVirtual().start(() -> {
                try {
                    ClientResponse _ = client.get("/").send();
                } catch (RuntimeException failure) {
                    if (Thread.currentThread().isInterrupted()) {
                        thrown.set(failure);
                    }
                }
            });
            Await.until("the call waits", () -> client.counts().active() == 1);
            thread.interrupt();
            thread.join(Duration.ofSeconds(20));

            assertThat(thrown.get()).isInstanceOf(CancellationException.class);
            Await.until("the connection is closed", () -> client.counts().active() == 0);
            hold.countDown();
        }
    }

    @Test
    void closingWaitsForCallsInFlight() throws Exception {
        CountDownLatch hold = new CountDownLatch(1);
        try (TestService service = TestService.with(routes -> routes.get("/", (_, response) -> {
                    hold.await();
                    response.send("late");
                }));
                HttpClient client = service.client().build();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<String> call = threads.submit(() -> client.get("/").send().text());
            Await.until("the call waits", () -> client.counts().active() == 1);
            Future<?> closing = threads.submit(() -> {
                client.close(Deadline.after(Duration.ofSeconds(20), Ticker.system()));
                return null;
            });
            Await.asserted("further calls are refused", () -> assertThat(
                            catchThrowableOfType(HttpCallException.class, () -> client.get("/")
                                            .timeout(Duration.ofMillis(50))
                                            .send())
                                    .reason())
                    .isEqualTo(Reason.CLOSED));
            hold.countDown();

            assertThat(call.get(20, TimeUnit.SECONDS)).isEqualTo("late");
            closing.get(20, TimeUnit.SECONDS);
            assertThat(client.counts().inFlight()).isZero();
        }
    }

    @Test
    void closingEndsCallsAtTheDeadline() throws Exception {
        CountDownLatch hold = new CountDownLatch(1);
        try (TestService service = TestService.with(routes -> routes.get("/", (_, _) -> hold.await()));
                HttpClient client = service.client().build();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<ClientResponse> call = threads.submit(() -> client.get("/").send());
            Await.until("the call waits", () -> client.counts().active() == 1);
            client.close(Deadline.after(Duration.ofMillis(1), Ticker.system()));

            assertThatThrownBy(() -> call.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(HttpCallException.class);
            hold.countDown();
        }
    }

    @Test
    void theCharsetOfTheAnswerCounts() {
        try (TestService service = TestService.with(
                        routes -> routes.get("/", (_, response) -> response.type("text/plain; charset=ISO-8859-1")
                                .send("ü".getBytes(StandardCharsets.ISO_8859_1))));
                HttpClient client = service.client().build()) {
            assertThat(client.get("/").send().text()).isEqualTo("ü");
        }
    }
}
