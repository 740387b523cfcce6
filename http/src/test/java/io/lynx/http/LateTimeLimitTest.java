package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.testkit.ManualTime;
import io.lynx.testkit.RecordingContext;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LateTimeLimitTest {
    private final ManualTime time = new ManualTime();
    private final CountDownLatch release = new CountDownLatch(1);

    @Test
    void aServerThatStartsWhenItsListenerIsOpenHasItsTimeLimitsChecked() throws Exception {
        HttpServer server = HttpServer.with(http -> http.get(
                "/", (_, _) -> assertThat(release.await(20, TimeUnit.SECONDS)).isTrue()));
        try (RecordingContext context = RecordingContext.of(server.descriptor(), time)
                        .config(new TestLimits()
                                .requestTimeout(Duration.ofMillis(100))
                                .http());
                ListenerFixture listener =
                        ListenerFixture.start(context, descriptor -> RecordingContext.of(descriptor, time))) {
            listener.traffic().open();
            server.start(context);
            try (RawClient client = new RawClient(server.port())) {
                client.get("/");
                // Time that passes before would be that of an idle connection.
                TestServer.await(() -> listener.traffic().inFlight().current() == 1);
                FutureTask<RawClient.Answer> answer = new FutureTask<>(client::answer);
                Thread _ = Thread.ofVirtual().start(answer);
                TestServer.await(() -> {
                    time.advance(Duration.ofMillis(150));
                    return answer.isDone();
                });

                assertThat(answer.get().status()).isEqualTo(503);
            } finally {
                release.countDown();
            }
        }
    }
}
