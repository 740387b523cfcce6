package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A request whose answer is of no use any more: its handler runs on and can see that. */
class CancellationTest {
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final AtomicBoolean interrupted = new AtomicBoolean();
    private final AtomicBoolean cancelled = new AtomicBoolean();
    private final CountDownLatch returned = new CountDownLatch(1);

    private void work(Request request, Response response) {
        entered.countDown();
        try {
            boolean _ = released.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            interrupted.set(true);
        }
        cancelled.set(request.isCancelled());
        response.send("of no use");
        returned.countDown();
    }

    @Test
    void aHandlerIsNotInterruptedWhenItsClientGoes() throws Exception {
        try (TestServer server = TestServer.with(http -> http.get("/", this::work))) {
            try (RawClient client = server.raw()) {
                client.get("/");
                assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
                client.abort();
            }
            TestServer.await(() -> server.listener.counts().abandoned() == 1);

            assertThat(server.listener.inFlight().current()).isEqualTo(1);
            released.countDown();

            assertThat(returned.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(cancelled).isTrue();
            assertThat(interrupted).isFalse();
            TestServer.await(() -> server.listener.inFlight().current() == 0);
            assertThat(server.listener.inFlight().failed()).isZero();
        }
    }

    @Test
    void aHandlerSeesThatItsClientClosedTheConnection() throws Exception {
        AtomicBoolean ended = new AtomicBoolean();
        try (TestServer server = TestServer.with(http -> http.get("/", (request, _) -> {
            entered.countDown();
            TestServer.await(request::isCancelled);
            ended.set(true);
        }))) {
            try (RawClient client = server.raw()) {
                client.get("/");
                assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
            }

            TestServer.await(ended::get);
            TestServer.await(() -> server.listener.inFlight().current() == 0);
            assertThat(server.listener.counts().abandoned()).isEqualTo(1);
        }
    }

    @Test
    void aRouteCanAskForTheInterrupt() throws Exception {
        try (TestServer server =
                TestServer.with(http -> http.get("/", RouteOptions.defaults().interruptWhenCancelled(), this::work))) {
            try (RawClient client = server.raw()) {
                client.get("/");
                assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
                client.abort();
            }

            assertThat(returned.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(interrupted).isTrue();
        }
    }

    @Test
    void aRequestThatExceedsItsTimeKeepsItsPlaceUntilItsHandlerReturns() throws Exception {
        try (TestServer server = TestServer.with(
                // The other request must be answered within it.
                config -> config.requestTimeout(Duration.ofSeconds(2)).maxInFlight(1),
                http -> http.get("/", this::work).get("/other", (_, response) -> response.send("ok")))) {
            assertThat(server.get("/").statusCode()).isEqualTo(503);

            assertThat(server.get("/other").body()).contains("too many requests at a time");
            // A rejected request is counted until its answer has been written, which its client may see earlier.
            TestServer.await(() -> server.listener.inFlight().current() == 1);
            released.countDown();

            TestServer.await(() -> server.listener.inFlight().current() == 0);
            assertThat(server.get("/other").statusCode()).isEqualTo(200);
            assertThat(interrupted).isFalse();
            assertThat(cancelled).isTrue();
        }
    }

    @Test
    void theDrainWaitsForAHandlerWhoseRequestWasAnswered() throws Exception {
        try (TestServer server = TestServer.with(
                config -> config.requestTimeout(Duration.ofSeconds(1)), http -> http.get("/", this::work))) {
            assertThat(server.get("/").statusCode()).isEqualTo(503);

            CompletableFuture<Duration> drained = CompletableFuture.supplyAsync(() -> {
                try {
                    return server.drain();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            TestServer.await(() -> server.listener.counts().openConnections() == 0);
            assertThat(drained).isNotDone();
            released.countDown();

            assertThat(drained.get(20, TimeUnit.SECONDS)).isLessThan(Duration.ofSeconds(10));
            assertThat(returned.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void closingInterruptsAHandlerWhoseRequestWasAnswered() throws Exception {
        try (TestServer server = TestServer.with(
                config -> config.requestTimeout(Duration.ofSeconds(1)), http -> http.get("/", this::work))) {
            assertThat(server.get("/").statusCode()).isEqualTo(503);

            server.listener.close();

            assertThat(returned.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(interrupted).isTrue();
            TestServer.await(() -> server.listener.inFlight().current() == 0);
        }
    }
}
