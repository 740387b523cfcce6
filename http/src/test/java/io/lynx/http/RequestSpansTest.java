package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.app.Application;
import io.lynx.context.RecentRequest;
import io.lynx.context.RecentRequest.RecentSpan;
import io.lynx.context.RequestContext;
import io.lynx.context.SpanKind;
import io.lynx.context.TraceContext;
import io.lynx.context.Tracing;
import io.lynx.event.Topic;
import io.lynx.extension.Registration;
import io.lynx.http.RecordingTracer.RecordedSpan;
import io.lynx.http.client.HttpClient;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.testkit.Await;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The spans of requests and of what belongs to them, and the ring of requests that failed. */
class RequestSpansTest {
    private static final Topic<String> PLACED = Topic.of("business", "order.placed", String.class);
    private static final String CALLER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private final AtomicReference<Tracing> tracing = new AtomicReference<>();
    private final AtomicReference<PluginContext> orders = new AtomicReference<>();
    private final AtomicReference<HttpClient> self = new AtomicReference<>();
    private final RecordingTracer tracer = new RecordingTracer();

    /** Installs the tracer, if it may, and handles the events. */
    private final class Orders implements Plugin {
        private final boolean isTraced;

        Orders(boolean isTraced) {
            this.isTraced = isTraced;
        }

        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("orders").build();
        }

        @Override
        public void start(PluginContext context) {
            Tracing shared = context.resource(Tracing.KEY);
            tracing.set(shared);
            orders.set(context);
            if (isTraced) {
                Registration _ = context.own(shared.install(tracer));
            }
            var _ = context.events().subscribe(PLACED, _ -> {});
        }
    }

    private Application start(HttpServer server, boolean isTraced) {
        return start(server, isTraced, "[]");
    }

    private Application start(HttpServer server, boolean isTraced, String trustedProxies) {
        Application application = Application.builder()
                .discoverPlugins(false)
                .set("lynx.application.name", "shop")
                .set("lynx.application.version", "1.0.0")
                .set("lynx.http.host", "127.0.0.1")
                .set("lynx.http.port", "0")
                .set("lynx.http.trusted_proxies", trustedProxies)
                .plugin(server)
                .plugin(new Orders(isTraced))
                .build();
        application.start();
        return application;
    }

    private HttpServer server() {
        return HttpServer.with(http -> {
            http.get("/orders/{id}", (_, response) -> {
                String found = tracing.get().call("SELECT orders", () -> "one");
                var _ = orders.get().events().publish(PLACED, found);
                response.send(RequestContext.current()
                        .trace()
                        .map(TraceContext::spanId)
                        .orElse("none"));
            });
            http.get(
                    "/self",
                    (_, response) -> response.send(self.get()
                            .get("/orders/{item}", "7")
                            .query("token", "secret")
                            .send()
                            .text()));
            http.get("/broken", (_, _) -> {
                String found = tracing.get().call("SELECT orders", () -> "one");
                throw new IllegalStateException(found);
            });
        });
    }

    @Test
    void putsTheWorkForARequestUnderItsSpan() throws Exception {
        HttpServer server = server();
        try (Application _ = start(server, true);
                RawClient client = new RawClient(server.port())) {
            client.send("GET /orders/7?secret=1 HTTP/1.1\r\nHost: a\r\ntraceparent: " + CALLER + "\r\n\r\n");
            String bound = client.answer().body();

            RecordedSpan request = tracer.span("GET /orders/{id}");
            RecordedSpan query = tracer.span("SELECT orders");
            assertThat(request.kind()).isEqualTo(SpanKind.SERVER);
            assertThat(request.parent()).extracting(TraceContext::spanId).isEqualTo("b7ad6b7169203331");
            assertThat(request.context().spanId()).isEqualTo(bound);
            assertThat(request.error()).isEmpty();
            assertThat(request.attributes())
                    .containsEntry("http.request.method", "GET")
                    .containsEntry("http.route", "/orders/{id}")
                    .containsEntry("http.response.status_code", 200L)
                    .containsEntry("url.path", "/orders/7")
                    .containsEntry("network.protocol.version", "1.1");
            assertThat(query.parent()).isEqualTo(request.context());
            Await.until("span of the handler", () -> tracer.ended.stream()
                    .anyMatch(span -> span.name().startsWith("handle ")));
            assertThat(tracer.ended)
                    .filteredOn(span -> span.name().startsWith("handle "))
                    .allSatisfy(span -> assertThat(span.parent()).isEqualTo(request.context()));
        }
    }

    @Test
    void putsTheRequestOfAnotherServiceUnderTheCall() throws Exception {
        HttpServer server = server();
        try (Application _ = start(server, true);
                HttpClient calls = HttpClient.builder("self")
                        .url(server.url())
                        .connectTimeout(Duration.ofSeconds(20))
                        .build(orders.get());
                RawClient client = new RawClient(server.port())) {
            self.set(calls);
            client.send("GET /self HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.answer().status()).isEqualTo(200);

            RecordedSpan outer = tracer.span("GET /self");
            RecordedSpan call = tracer.span("call self");
            RecordedSpan attempt = tracer.span("GET /orders/{item}");
            RecordedSpan inner = tracer.span("GET /orders/{id}");
            assertThat(outer.parent()).isNull();
            assertThat(call.kind()).isEqualTo(SpanKind.INTERNAL);
            assertThat(call.parent()).isEqualTo(outer.context());
            assertThat(attempt.kind()).isEqualTo(SpanKind.CLIENT);
            assertThat(attempt.parent()).isEqualTo(call.context());
            assertThat(attempt.attributes())
                    .containsEntry("url.full", server.url() + "/orders/7")
                    .containsEntry("url.template", "/orders/{item}")
                    .containsEntry("server.address", "127.0.0.1")
                    .containsEntry("server.port", (long) server.port())
                    .containsEntry("network.peer.port", (long) server.port())
                    .containsEntry("http.response.status_code", 200L)
                    .doesNotContainKey("http.request.resend_count");
            assertThat(inner.parent()).isEqualTo(attempt.context());
            assertThat(inner.attributes()).containsEntry("server.port", (long) server.port());
        }
    }

    @Test
    void eachAttemptOfACallIsASpan() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        HttpServer server = HttpServer.with(http -> http.get("/flaky", (_, response) -> {
            response.status(calls.incrementAndGet() < 3 ? 503 : 200).send("answer");
        }));
        try (Application _ = start(server, true);
                HttpClient client = HttpClient.builder("self")
                        .url(server.url())
                        .connectTimeout(Duration.ofSeconds(20))
                        .policies(policies -> policies.withRetryAttempts(3)
                                .withRetryDelays(Duration.ofMillis(1), Duration.ofSeconds(1)))
                        .build(orders.get())) {
            assertThat(client.get("/flaky").send().status()).isEqualTo(200);

            RecordedSpan call = tracer.span("call self");
            Await.until("all requests have ended", () -> tracer.count(SpanKind.SERVER, "GET /flaky") == 3);
            List<RecordedSpan> attempts = tracer.ended.stream()
                    .filter(span -> span.kind() == SpanKind.CLIENT)
                    .toList();
            assertThat(call.parent()).isNull();
            assertThat(call.error()).isEmpty();
            assertThat(attempts).extracting(RecordedSpan::error).containsExactly("503", "503", "");
            assertThat(attempts).allMatch(attempt -> call.context().equals(attempt.parent()));
            assertThat(attempts.get(1).attributes()).containsEntry("http.request.resend_count", 1L);
            assertThat(attempts.get(2).attributes()).containsEntry("http.request.resend_count", 2L);
            assertThat(tracer.ended.stream()
                            .filter(span -> span.kind() == SpanKind.SERVER)
                            .map(RecordedSpan::parent))
                    .containsExactlyInAnyOrderElementsOf(
                            attempts.stream().map(RecordedSpan::context).toList());
        }
    }

    @Test
    void aParentThatTheCallerSetsIsSent() throws Exception {
        HttpServer server = server();
        try (Application _ = start(server, true);
                HttpClient client = HttpClient.builder("self")
                        .url(server.url())
                        .connectTimeout(Duration.ofSeconds(20))
                        .build(orders.get())) {
            assertThat(client.get("/orders/7")
                            .header("traceparent", CALLER)
                            .send()
                            .status())
                    .isEqualTo(200);

            assertThat(tracer.span("GET /orders/{id}").parent())
                    .extracting(TraceContext::spanId)
                    .isEqualTo("b7ad6b7169203331");
        }
    }

    @Test
    void tellsOfTheClientWhatATrustedProxyTells() throws Exception {
        HttpServer server = server();
        try (Application _ = start(server, true, "[127.0.0.1]");
                RawClient client = new RawClient(server.port())) {
            client.send(String.join(
                    "\r\n",
                    "GET /orders/7 HTTP/1.1",
                    "Host: a",
                    "X-Forwarded-For: 203.0.113.9",
                    "X-Forwarded-Proto: https",
                    "X-Forwarded-Host: shop.example",
                    "\r\n"));
            assertThat(client.answer().status()).isEqualTo(200);

            assertThat(tracer.span("GET /orders/{id}").attributes())
                    .containsEntry("client.address", "203.0.113.9")
                    .containsEntry("network.peer.address", "127.0.0.1")
                    .containsEntry("url.scheme", "https")
                    .containsEntry("server.address", "shop.example")
                    .containsEntry("server.port", 443L);
        }
    }

    @Test
    void anAddressOfIpv6HasNoBrackets() throws Exception {
        HttpServer server = server();
        try (Application _ = start(server, true, "[]");
                RawClient client = new RawClient(server.port())) {
            client.send("GET /orders/7 HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n");
            assertThat(client.answer().status()).isEqualTo(200);

            assertThat(tracer.span("GET /orders/{id}").attributes())
                    .containsEntry("server.address", "::1")
                    .containsEntry("server.port", 8080L);
        }
    }

    @Test
    void anExceptionIsAFailureIfTheAnswerOfItsHookIs() throws Exception {
        HttpServer server = HttpServer.with(
                http -> http.onError(IllegalStateException.class, (_, response, _) -> response.status(404))
                        .onError(HttpException.class, (_, response, _) -> response.status(503))
                        .get("/absent", (_, _) -> {
                            throw new IllegalStateException("expected by the test");
                        })
                        .get("/refused", (_, _) -> {
                            throw new HttpException(400, "expected by the test");
                        }));
        try (Application _ = start(server, true);
                RawClient client = new RawClient(server.port())) {
            client.send("GET /absent HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.answer().status()).isEqualTo(404);
            client.send("GET /refused HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.answer().status()).isEqualTo(503);

            assertThat(tracer.span("GET /absent").error()).isEmpty();
            assertThat(tracer.span("GET /refused").error()).endsWith("HttpException");
        }
    }

    @Test
    void whatAHostileClientSendsIsBounded() throws Exception {
        HttpServer server = server();
        String baggage = "k=" + "v".repeat(40_000);
        try (Application _ = start(server, true);
                RawClient client = new RawClient(server.port())) {
            client.send("GET /" + "p".repeat(3000) + "?secret=1 HTTP/1.1\r\nHost: " + "h".repeat(600) + ":8080\r\n"
                    + "User-Agent: " + "u".repeat(3000) + "\r\ntraceparent: 00-zz-1-\r\n\r\n");
            assertThat(client.answer().status()).isEqualTo(404);

            RecordedSpan span = tracer.span("GET");
            assertThat(span.parent()).isNull();
            assertThat(span.attributes().values())
                    .allMatch(value -> value.toString().length() <= 500);
            assertThat(span.attributes().toString()).doesNotContain("secret");
            assertThat(span.attributes()).containsEntry("server.port", 8080L).containsEntry("url.scheme", "http");
        }
        HttpServer second = server();
        try (Application _ = start(second, true);
                RawClient client = new RawClient(second.port())) {
            client.send("GET /orders/7 HTTP/1.1\r\nHost: a\r\nbaggage: " + baggage + "\r\n\r\n");

            assertThat(client.answer().status()).isEqualTo(431);
        }
    }

    @Test
    void keepsFailedRequestsWithTheirPartsWithoutATracer() throws Exception {
        HttpServer server = server();
        try (Application _ = start(server, false);
                RawClient client = new RawClient(server.port())) {
            client.send("GET /orders/7 HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.answer().body()).isEqualTo("none");
            client.send("GET /broken HTTP/1.1\r\nHost: a\r\nX-Request-Id: r-1\r\n\r\n");
            assertThat(client.answer().status()).isEqualTo(500);

            // The other one is kept too if it was slow.
            RecentRequest failed = Await.value("kept request", () -> tracing.get().recentRequests().stream()
                    .filter(kept -> kept.requestId().equals("r-1"))
                    .findFirst());
            assertThat(failed.name()).isEqualTo("GET /broken");
            assertThat(failed.status()).isEqualTo(500);
            assertThat(failed.error()).isEqualTo("java.lang.IllegalStateException");
            assertThat(failed.spans()).extracting(RecentSpan::name).containsExactly("SELECT orders");
            assertThat(failed.spans().getFirst().duration()).isNotNull();
        }
    }
}
