package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.app.Application;
import io.lynx.app.ShutdownReport;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A handler that still blocks its event loop at the end of a shutdown. */
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
        Application application = Application.builder()
                .discoverPlugins(false)
                .set("lynx.application.name", "shop")
                .set("lynx.application.version", "1.0.0")
                .set("lynx.http.host", "127.0.0.1")
                .set("lynx.http.port", "0")
                .set("lynx.shutdown.timeout", "3s")
                .plugin(server)
                .build();
        application.start();
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
