package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.app.Application;
import io.lynx.app.ShutdownReport;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Handlers that still block at the end of a shutdown, those that block their event loop included. */
class BlockedShutdownTest {
    private static final int UNCLEAN = 124;

    @Test
    void isCountedAndNamed() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        HttpServer server =
                HttpServer.with(http -> http.get("/orders/{id}", RouteOptions.nonBlocking(), (_, response) -> {
                    entered.countDown();
                    blockUntil(released);
                    response.send("late");
                }));
        Application application = running(server, builder -> builder.set("lynx.shutdown.timeout", "3s"));
        try (RawClient client = new RawClient(server.port())) {
            client.get("/orders/7");
            assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();

            ShutdownReport report = application.stop();

            assertThat(report.requestsFailed()).isEqualTo(1);
            assertThat(report.exitCode()).isEqualTo(UNCLEAN);
            assertThat(report.cutOff()).singleElement().satisfies(request -> {
                assertThat(request.name()).isEqualTo("GET /orders/{id}");
                assertThat(request.age()).isPositive();
                assertThat(request.stack()).anyMatch(frame -> frame.contains("BlockedShutdownTest.blockUntil"));
            });
        } finally {
            released.countDown();
        }
    }

    @Test
    void theOldestTwentyOfManyAreNamedAndAllAreCounted() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        HttpServer server = HttpServer.with(http -> http.get("/first", (_, response) -> answerAfter(released, response))
                .get("/orders/{id}", (_, response) -> answerAfter(released, response)));
        Application application = running(server, builder -> builder.set("lynx.shutdown.graceful", "false"));
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 25; i++) {
                RawClient client = new RawClient(server.port());
                clients.add(client);
                client.get(i == 0 ? "/first" : "/orders/" + i);
                int expected = i + 1;
                TestServer.await(() -> application.requestsInFlight() == expected);
            }

            ShutdownReport report = application.stop();

            assertThat(report.requestsFailed()).isEqualTo(25);
            assertThat(report.inFlightAtEnd()).isEqualTo(25);
            assertThat(report.exitCode()).isEqualTo(UNCLEAN);
            assertThat(report.cutOff()).hasSize(20);
            assertThat(report.cutOff().getFirst().name()).isEqualTo("GET /first");
            assertThat(report.cutOff().subList(1, 20))
                    .allMatch(request -> request.name().equals("GET /orders/{id}"));
        } finally {
            released.countDown();
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    private static Application running(HttpServer server, UnaryOperator<Application.Builder> settings) {
        Application application = settings.apply(Application.builder()
                        .discoverPlugins(false)
                        .set("lynx.application.name", "shop")
                        .set("lynx.application.version", "1.0.0")
                        .set("lynx.http.host", "127.0.0.1")
                        .set("lynx.http.port", "0")
                        .plugin(server))
                .build();
        application.start();
        return application;
    }

    private static void answerAfter(CountDownLatch released, Response response) {
        blockUntil(released);
        response.send("late");
    }

    private static void blockUntil(CountDownLatch released) {
        while (released.getCount() > 0) {
            try {
                released.await();
            } catch (InterruptedException deaf) {
                // It blocks on.
            }
        }
    }
}
