package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.metrics.ProductionMetrics;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The interceptors that a server has from the start: their order, and that they can be removed and replaced by their names. */
class StandardInterceptorsTest {
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final List<String> ran = new CopyOnWriteArrayList<>();

    private static void ok(Request request, Response response) {
        response.send("ok");
    }

    private void slow(Request request, Response response) throws InterruptedException {
        entered.countDown();
        boolean _ = released.await(20, TimeUnit.SECONDS);
        response.send("slow");
    }

    private Interceptor noting(String name) {
        return (request, response, next) -> {
            ran.add(name);
            next.handle(request, response);
        };
    }

    @Test
    void standardNamesComeInTheirOrderAndOthersBehindThem() throws Exception {
        Consumer<Interceptors> added = server -> server.add(noting("nameless"))
                .add("own", noting("own"))
                .add(StandardInterceptors.AUTHENTICATION, noting("authentication"))
                .add(StandardInterceptors.CORS, noting("cors"))
                .add(StandardInterceptors.ACCESS_LOG, noting("access log"));
        Consumer<Routes> routes = http -> http.path("/group", group -> group.intercept(noting("group"))
                .intercept(StandardInterceptors.RATE_LIMIT, noting("rate limit of the group"))
                .get("/a", StandardInterceptorsTest::ok));
        try (TestServer server = TestServer.intercepted(config -> config, routes, added)) {
            assertThat(server.get("/group/a").body()).isEqualTo("ok");

            assertThat(ran)
                    .containsExactly(
                            "access log",
                            "cors",
                            "authentication",
                            "nameless",
                            "own",
                            "rate limit of the group",
                            "group");
        }
    }

    @Test
    void aReplacementStandsInThePlaceOfWhatItReplaces() throws Exception {
        Consumer<Interceptors> added = server -> server.add(StandardInterceptors.CORS, noting("cors"))
                .add(StandardInterceptors.METRICS, noting("metrics"))
                .add(StandardInterceptors.DEADLINE, noting("deadline"))
                .add(StandardInterceptors.IN_FLIGHT_LIMIT, noting("limit"));
        RouteOptions replacing = RouteOptions.nonBlocking()
                .withInterceptor(StandardInterceptors.CORS, noting("cors of the route"))
                .withInterceptor("innermost", noting("innermost"));
        Consumer<Routes> routes = http -> http.get("/", replacing, StandardInterceptorsTest::ok);
        try (TestServer server = TestServer.intercepted(config -> config, routes, added)) {
            assertThat(server.get("/").body()).isEqualTo("ok");

            assertThat(ran).containsExactly("limit", "metrics", "cors of the route", "deadline", "innermost");
            assertThat(Measured.requests(server.metrics)).isEmpty();
        }
    }

    @Test
    void theLimitOfRequestsInFlightCanBeRemovedAndReplaced() throws Exception {
        RouteOptions unlimited = RouteOptions.defaults().withoutInterceptor(StandardInterceptors.IN_FLIGHT_LIMIT);
        Consumer<Routes> routes = http -> http.get("/slow", this::slow)
                .get("/", StandardInterceptorsTest::ok)
                .get("/unlimited", unlimited, StandardInterceptorsTest::ok)
                .path("/replaced", group -> group.intercept(StandardInterceptors.IN_FLIGHT_LIMIT, noting("own limit"))
                        .get("/a", StandardInterceptorsTest::ok));
        try (TestServer server = TestServer.with(config -> config.maxInFlight(1), routes);
                RawClient busy = server.raw()) {
            busy.get("/slow");
            assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();

            assertThat(server.get("/").statusCode()).isEqualTo(503);
            assertThat(server.get("/unlimited").statusCode()).isEqualTo(200);
            assertThat(server.get("/replaced/a").statusCode()).isEqualTo(200);
            assertThat(ran).containsExactly("own limit");
            released.countDown();
            assertThat(busy.answer().body()).isEqualTo("slow");
        }
    }

    @Test
    void theDeadlineCanBeRemoved() throws Exception {
        RouteOptions patient = RouteOptions.defaults().withoutInterceptor(StandardInterceptors.DEADLINE);
        Consumer<Routes> routes =
                http -> http.get("/patient", patient, this::slow).get("/", (_, response) -> {
                    boolean _ = released.await(20, TimeUnit.SECONDS);
                    response.send("late");
                });
        try (TestServer server = TestServer.with(config -> config.requestTimeout(Duration.ofMillis(100)), routes);
                RawClient client = server.raw()) {
            client.get("/patient");
            assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();

            assertThat(server.get("/").statusCode()).isEqualTo(503);
            released.countDown();

            assertThat(client.answer().body()).isEqualTo("slow");
        }
    }

    @Test
    void metricsCanBeRemovedFromARouteOrTheServer() throws Exception {
        RouteOptions unmeasured = RouteOptions.nonBlocking().withoutInterceptor(StandardInterceptors.METRICS);
        Consumer<Routes> routes = http ->
                http.get("/", StandardInterceptorsTest::ok).get("/probe", unmeasured, StandardInterceptorsTest::ok);
        try (TestServer server = TestServer.with(routes)) {
            assertThat(server.get("/probe").statusCode()).isEqualTo(200);
            assertThat(server.get("/").statusCode()).isEqualTo(200);
            TestServer.await(() -> !Measured.requests(server.metrics).isEmpty());

            assertThat(Measured.requests(server.metrics)).containsOnlyKeys("GET / 200");
        }
        ProductionMetrics metrics = ProductionMetrics.builder().build();
        Consumer<Interceptors> none = server -> server.remove(StandardInterceptors.METRICS);
        try (TestServer server = TestServer.with(config -> config, routes, none, _ -> false, metrics)) {
            assertThat(server.get("/").statusCode()).isEqualTo(200);
            assertThat(server.get("/nothing").statusCode()).isEqualTo(404);
            TestServer.await(() -> server.listener.inFlight().current() == 0);

            assertThat(Measured.requests(metrics)).isEmpty();
        }
    }
}
