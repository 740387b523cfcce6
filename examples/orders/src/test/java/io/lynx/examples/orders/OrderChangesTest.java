package io.lynx.examples.orders;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.http.HttpServer;
import io.lynx.testkit.LynxExtension;
import io.lynx.testkit.LynxTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Watches orders as a browser does. */
@ExtendWith(LynxExtension.class)
@Timeout(60)
class OrderChangesTest {
    private static final String LAMP = "{\"customer\":\"ada\",\"product\":\"lamp\",\"quantity\":1,\"unitPrice\":9.90}";

    private final LynxTest lynx = LynxTest.application(app -> Main.plugins(app, HttpServer.with(http -> {})))
            .with("lynx.http.port", "0")
            .with("lynx.metrics.prometheus.port", "0")
            .with("lynx.jdbc.orders.url", MemoryDatabase.newUrl())
            .build();

    private record Received(String name, String id, String data) {}

    /** A client that reads one event after the other. */
    private record Watcher(BufferedReader lines) implements AutoCloseable {
        Received next() throws IOException {
            String name = "";
            String id = "";
            String data = "";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isEmpty() && !name.isEmpty()) {
                    return new Received(name, id, data);
                }
                int colon = line.indexOf(':');
                String value = line.substring(colon + 1).strip();
                switch (colon <= 0 ? "" : line.substring(0, colon)) {
                    case "event" -> name = value;
                    case "id" -> id = value;
                    case "data" -> data = value;
                    default -> {}
                }
            }
            throw new IOException("the stream has ended");
        }

        List<Received> next(int count) throws IOException {
            List<Received> events = new ArrayList<>();
            while (events.size() < count) {
                events.add(next());
            }
            return events;
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }

    private Watcher watch(String lastEventId) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(lynx.url().resolve("/orders/changes"));
        if (!lastEventId.isEmpty()) {
            request.header("Last-Event-ID", lastEventId);
        }
        HttpResponse<java.io.InputStream> answer = lynx.http().send(request.build(), BodyHandlers.ofInputStream());
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/event-stream");
        return new Watcher(new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8)));
    }

    @Test
    void sendsChangesAsTheyHappen() throws Exception {
        try (Watcher watcher = watch("")) {
            lynx.post("/orders", LAMP);

            assertThat(watcher.next(2))
                    .satisfiesExactlyInAnyOrder(
                            event -> {
                                assertThat(event.name()).isEqualTo("order.placed");
                                assertThat(event.data()).contains("\"id\":1", "\"status\":\"PLACED\"");
                            },
                            event -> {
                                assertThat(event.name()).isEqualTo("order.changed");
                                assertThat(event.data()).contains("\"id\":1", "\"status\":\"CONFIRMED\"");
                            });
        }
    }

    @Test
    void sendsWhatAClientHasMissed() throws Exception {
        List<Received> seen;
        try (Watcher watcher = watch("")) {
            lynx.post("/orders", LAMP);
            seen = watcher.next(2);
        }
        lynx.post("/orders", LAMP);
        lynx.post("/orders", LAMP);

        try (Watcher watcher = watch(seen.getFirst().id())) {
            assertThat(watcher.next()).isEqualTo(seen.getLast());
            assertThat(watcher.next(4)).extracting(Received::name).containsOnly("order.placed", "order.changed");
        }
    }

    @Test
    void tellsAClientOfAnotherProcessToReadTheOrdersAgain() throws Exception {
        for (String id : List.of("other-1", "x", "-")) {
            try (Watcher watcher = watch(id)) {
                assertThat(watcher.next().name()).isEqualTo("orders.reload");
            }
        }
    }

    @Test
    void endsAtShutdown() throws Exception {
        try (Watcher _ = watch("")) {
            assertThat(lynx.stop().isClean()).isTrue();
        }
    }

    @Test
    void thePageIsServed() {
        assertThat(lynx.get("/").header("Location")).contains("/live/");
        assertThat(lynx.get("/live/").body()).contains("<title>Orders</title>");
        assertThat(lynx.get("/live/").header("Content-Security-Policy").orElseThrow())
                .startsWith("default-src 'self'");
        assertThat(lynx.get("/live/live.js").header("Content-Type").orElseThrow())
                .startsWith("text/javascript");
        assertThat(lynx.get("/live/nothing.js").status()).isEqualTo(404);
    }
}
