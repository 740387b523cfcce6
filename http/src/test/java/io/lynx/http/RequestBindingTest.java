package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.context.RequestContext;
import io.lynx.security.Principal;
import io.lynx.testkit.Await;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

/** The context of a request, on the threads of its handler. */
class RequestBindingTest {
    private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private static void show(Request request, Response response) {
        RequestContext context = RequestContext.current();
        response.send(Thread.currentThread().isVirtual() + " " + request.id().equals(context.requestId()) + " "
                + context.ids() + " " + context.baggage());
    }

    @Test
    void isBoundOnVirtualThreadsAndOnTheEventLoop() throws Exception {
        try (TestServer server = TestServer.with(http -> http.get("/virtual", RequestBindingTest::show)
                .get("/loop", RouteOptions.nonBlocking(), RequestBindingTest::show))) {
            for (String path : List.of("/virtual", "/loop")) {
                HttpResponse<String> answer =
                        server.get(path, "X-Request-Id", "r-1", "traceparent", PARENT, "baggage", "user=alice");

                assertThat(answer.body())
                        .isEqualTo(path.equals("/virtual") + " true {request_id=r-1,"
                                + " trace_id=4bf92f3577b34da6a3ce929d0e0e4736, span_id=00f067aa0ba902b7} {user=alice}");
            }
            assertThat(server.get("/virtual").body()).matches("true true \\{request_id=[0-9a-z]+-[0-9a-z]+} \\{}");
        }
        assertThat(RequestContext.current().requestId()).isEmpty();
    }

    @Test
    void isNotBoundByARouteThatRemovesIt() throws Exception {
        try (TestServer server = TestServer.with(http -> http.get(
                "/",
                RouteOptions.defaults().withoutInterceptor(StandardInterceptors.REQUEST_CONTEXT),
                (request, response) -> response.send(
                        request.id() + " " + RequestContext.current().requestId())))) {
            assertThat(server.get("/", "X-Request-Id", "r-1").body()).isEqualTo("r-1 ");
        }
    }

    @Test
    void interceptorsOutsideSeeThePrincipal() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        Interceptor outside = (request, response, next) -> {
            try {
                next.handle(request, response);
            } finally {
                seen.add(RequestContext.current()
                        .principal()
                        .map(Principal::name)
                        .orElse("nobody"));
            }
        };
        Interceptor authentication = (request, response, next) -> {
            RequestContext.current().authenticated(Principal.of("alice"));
            next.handle(request, response);
        };
        try (TestServer server = TestServer.intercepted(
                limits -> limits, http -> http.get("/", (_, response) -> response.send("ok")), added -> added.add(
                                StandardInterceptors.ACCESS_LOG, outside)
                        .add(StandardInterceptors.AUTHENTICATION, authentication))) {
            assertThat(server.get("/").statusCode()).isEqualTo(200);
            assertThat(server.get("/missing").statusCode()).isEqualTo(404);

            // The answer is sent before the code behind it runs.
            Await.until("both are seen", () -> seen.size() == 2);
            assertThat(seen).containsExactly("alice", "alice");
        }
    }

    @Test
    void malformedHeadersAreIgnoredAndCountedAndNeverAnError() throws Exception {
        String huge = "k=v,".repeat(2_500);
        try (TestServer server = TestServer.with(
                limits -> limits.maxHeaderSize(64 * 1024), http -> http.get("/", RequestBindingTest::show))) {
            HttpResponse<String> answer = server.get(
                    "/",
                    "X-Request-Id",
                    "{bad}",
                    "traceparent",
                    "nonsense",
                    "baggage",
                    huge + "last=1",
                    "baggage",
                    "=");

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).endsWith("{k=v}");
            assertThat(Measured.counts(server.metrics, "lynx_context_headers_ignored_total", "header"))
                    .containsOnlyKeys("x-request-id", "traceparent", "baggage");
        }
    }

    @Test
    void writesTheMdcOnlyIfAsked() throws Exception {
        HttpHandler handler = (_, response) -> response.send(String.valueOf(MDC.get("request_id")));
        try (TestServer plain = TestServer.with(http -> http.get("/", handler));
                TestServer written = TestServer.intercepted(
                        limits -> limits,
                        http -> http.get("/", handler),
                        added -> added.add(StandardInterceptors.MDC, StandardInterceptors.mdc()))) {
            assertThat(plain.get("/", "X-Request-Id", "r-1").body()).isEqualTo("null");
            assertThat(written.get("/", "X-Request-Id", "r-1").body()).isEqualTo("r-1");
        }
    }

    @Test
    void leavesNothingInTheMdcOfAnEventLoop() throws Exception {
        HttpHandler handler = (_, response) -> response.send(String.valueOf(MDC.get("request_id")));
        try (TestServer server = TestServer.intercepted(
                        limits -> limits,
                        http -> http.get("/", RouteOptions.nonBlocking(), handler)
                                .get(
                                        "/removed",
                                        RouteOptions.nonBlocking().withoutInterceptor(StandardInterceptors.MDC),
                                        handler),
                        added -> added.add(StandardInterceptors.MDC, StandardInterceptors.mdc()));
                RawClient client = server.raw()) {
            for (int i = 0; i < 2; i++) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\nX-Request-Id: r-" + i + "\r\n\r\n");
                assertThat(client.answer().body()).isEqualTo("r-" + i);
                // On the same connection, and so on the same event loop.
                client.get("/removed");
                assertThat(client.answer().body()).isEqualTo("null");
            }
        }
    }

    @Test
    void aClientThatGoesCancelsTheRequest() throws Exception {
        CompletableFuture<RequestContext> cancelled = new CompletableFuture<>();
        CountDownLatch isRunning = new CountDownLatch(1);
        try (TestServer server = TestServer.with(http -> http.get("/", (request, response) -> {
                    RequestContext context = RequestContext.current();
                    CountDownLatch isGone = new CountDownLatch(1);
                    context.onCancel(isGone::countDown);
                    isRunning.countDown();
                    isGone.await();
                    assertThat(request.deadline().orElseThrow().isExpired()).isTrue();
                    cancelled.complete(context);
                }));
                Http2RawClient client = new Http2RawClient(server.port())) {
            client.get(1, "/");
            isRunning.await();
            client.close();

            RequestContext context = cancelled.get();
            assertThat(context.isCancelled()).isTrue();
            assertThat(context.deadline().orElseThrow().remaining()).isZero();
        }
    }

    @Test
    void workThatGoesOnHasNoDeadlineOnceTheRequestIsAnswered() throws Exception {
        CompletableFuture<RequestContext> kept = new CompletableFuture<>();
        try (TestServer server = TestServer.with(http -> http.get("/", (request, response) -> {
            assertThat(request.deadline()).isPresent();
            kept.complete(RequestContext.current());
            response.send("ok");
        }))) {
            server.get("/");

            RequestContext context = kept.get();
            Await.until("the request has ended", () -> context.deadline().equals(Optional.empty()));
            assertThat(context.isCancelled()).isFalse();
        }
    }
}
