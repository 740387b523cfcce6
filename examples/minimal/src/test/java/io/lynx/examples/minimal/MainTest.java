package io.lynx.examples.minimal;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.http.HttpServer;
import io.lynx.testkit.HttpReply;
import io.lynx.testkit.LynxExtension;
import io.lynx.testkit.LynxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

// snippet: testing-service
@ExtendWith(LynxExtension.class)
class MainTest {
    private static final LynxTest lynx = LynxTest.application(app -> app.plugin(HttpServer.with(Main::routes)))
            .with("lynx.http.port", "0")
            .with("lynx.metrics.prometheus.port", "0")
            .build();

    @Test
    void greets() {
        HttpReply reply = lynx.get("/hello/Ada");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).isEqualTo("Hello, Ada");
    }
}
// end
