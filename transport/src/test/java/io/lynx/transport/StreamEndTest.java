package io.lynx.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.testkit.Await;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StreamEndTest {
    private final AtomicInteger ended = new AtomicInteger();

    private void answerAndFail(Stream stream) {
        stream.listen(new StreamListener() {
            @Override
            public void ended(StreamEnd end) {
                int _ = ended.incrementAndGet();
                throw new IllegalStateException("expected by the test");
            }

            @Override
            public void check(long now) {}

            @Override
            public void interrupt() {}
        });
        ProtocolServer.answer(stream, "ok");
    }

    @Test
    void aListenerThatFailsLeavesNothingInFlight() throws Exception {
        try (ProtocolServer server = ProtocolServer.serving(this::answerAndFail);
                WireClient client = server.client()) {
            client.request("/");
            assertThat(client.answer().body()).isEqualTo("ok");

            Await.until("the stream has ended", () -> ended.get() == 1);
            Await.until("nothing is in flight", () -> server.listener.inFlight().current() == 0);
        }
    }
}
