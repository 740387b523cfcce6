package io.lynx.http.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lynx.context.RequestContext;
import io.lynx.context.TraceContext;
import io.lynx.http.RouteOptions;
import io.lynx.http.client.HttpCallException.Reason;
import io.lynx.testkit.Await;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What a call takes over from the request for which it is made. */
class PropagationTest {
    private static final TraceContext TRACE =
            new TraceContext("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", true, "vendor=x");

    private static TestService echo() {
        return TestService.with(routes -> routes.get(
                "/",
                (request, response) -> response.send(String.join(
                        " ",
                        request.header("x-request-id").orElse("-"),
                        request.header("traceparent").orElse("-"),
                        request.header("tracestate").orElse("-"),
                        request.header("baggage").orElse("-"),
                        request.header("x-request-timeout").isPresent() ? "limited" : "-"))));
    }

    @Test
    void theContextIsPassedOn() throws Exception {
        try (TestService service = echo();
                HttpClient client = service.client().build()) {
            RequestContext context = RequestContext.current()
                    .withTrace(TRACE)
                    .withBaggage("tenant", "blue")
                    .withDeadline(Deadline.after(Duration.ofMinutes(1), Ticker.system()));

            String sent = context.call(() -> client.get("/").send().text());

            assertThat(sent)
                    .endsWith(" 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01 vendor=x tenant=blue limited");
            assertThat(context.call(() ->
                            client.get("/").header("traceparent", "own").send().text()))
                    .contains(" own ");
        }
    }

    @Test
    void eachAttemptTellsWhatIsLeftOfItsTime() throws Exception {
        List<Long> told = new CopyOnWriteArrayList<>();
        try (TestService service = TestService.with(routes -> routes.get("/", (request, response) -> {
                    String text = request.header("x-request-timeout").orElse("0ms");
                    told.add(Long.parseLong(text.replace("ms", "")));
                    response.status(503).header("Retry-After", "1").send("no");
                }));
                HttpClient client = service.client()
                        .timeout(Duration.ofSeconds(30))
                        .policies(policies -> policies.withRetryAttempts(2)
                                .withRetryDelays(Duration.ofMillis(1), Duration.ofSeconds(2)))
                        .build()) {
            RequestContext context =
                    RequestContext.current().withDeadline(Deadline.after(Duration.ofMinutes(1), Ticker.system()));
            assertThat(context.call(() -> client.get("/").send().status())).isEqualTo(503);
            assertThat(told).hasSize(2).allMatch(millis -> millis > 0 && millis <= 30_000);
            assertThat(told.getLast()).isLessThan(told.getFirst());
            told.clear();
            assertThat(context.call(() -> client.get("/")
                            .header("X-Request-Timeout", "90000ms")
                            .send()
                            .status()))
                    .isEqualTo(503);
            assertThat(told).containsOnly(90_000L);
        }
    }

    @Test
    void aServiceThatIsNotTrustedGetsNothing() throws Exception {
        try (TestService service = echo();
                HttpClient client = new HttpClientBuilder("inventory", Configs.with("propagation", "false"))
                        .url("http://127.0.0.1:" + service.listener.port())
                        .build()) {
            RequestContext context = RequestContext.current().withTrace(TRACE);

            assertThat(context.call(() -> client.get("/").send().text())).endsWith(" - - - -");
        }
    }

    @Test
    void aCallWithoutARequestHasNoContext() {
        try (TestService service = echo();
                HttpClient client = service.client().build()) {
            assertThat(client.get("/").send().text()).endsWith(" - - - -");
        }
    }

    @Test
    void theIdOfTheRequestIsTheSameInBothServices() {
        AtomicReference<HttpClient> used = new AtomicReference<>();
        try (TestService inner = echo();
                HttpClient client = inner.client().build();
                TestService outer = TestService.with(routes -> routes.get(
                        "/",
                        (request, response) -> response.send(
                                request.id() + " " + used.get().get("/").send().text())));
                HttpClient caller = outer.client().build()) {
            used.set(client);

            assertThat(caller.get("/").header("X-Request-Id", "r-1").send().text())
                    .startsWith("r-1 r-1 ");
        }
    }

    @Test
    void theDeadlineOfTheRequestEndsTheCall() throws Exception {
        try (ScriptedServer server = new ScriptedServer(ScriptedServer.Peer::hang);
                HttpClient client = server.client().build()) {
            RequestContext context =
                    RequestContext.current().withDeadline(Deadline.after(Duration.ofMillis(100), Ticker.system()));

            HttpCallException failure = context.call(() -> catchThrowableOfType(
                    HttpCallException.class, () -> client.get("/").send()));

            assertThat(failure.reason()).isEqualTo(Reason.DEADLINE_EXCEEDED);
            assertThat(failure).hasMessageContaining("the time of the request that needs the answer is over");
        }
    }

    @Test
    void theEndOfTheRequestEndsTheCall() throws Exception {
        AtomicReference<HttpClient> used = new AtomicReference<>();
        AtomicReference<HttpCallException> seen = new AtomicReference<>();
        try (ScriptedServer hanging = new ScriptedServer(ScriptedServer.Peer::hang);
                HttpClient client = hanging.client()
                        .timeout(Duration.ofSeconds(60))
                        .readTimeout(Duration.ofSeconds(60))
                        .build();
                TestService outer =
                        TestService.with(routes -> routes.get("/", RouteOptions.defaults(), (_, response) -> {
                            seen.set(catchThrowableOfType(
                                    HttpCallException.class,
                                    () -> used.get().get("/").send()));
                            response.send("late");
                        }))) {
            used.set(client);
            try (Socket caller = new Socket(InetAddress.getLoopbackAddress(), outer.listener.port())) {
                caller.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                Await.until("the call waits", () -> client.counts().active() == 1);
                caller.setSoLinger(true, 0);
            }

            Await.until("the call has ended", () -> seen.get() != null);
            assertThat(seen.get().reason()).isEqualTo(Reason.DEADLINE_EXCEEDED);
        }
    }
}
