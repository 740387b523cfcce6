package io.lynx.examples.minimal;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.http.HttpHandler;
import io.lynx.http.HttpServer;
import io.lynx.http.Request;
import io.lynx.http.Response;
import io.lynx.testkit.LynxExtension;
import io.lynx.testkit.LynxTest;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

// snippet: testing-delay
@ExtendWith(LynxExtension.class)
class SlowRouteTest {
    private final LynxTest lynx = LynxTest.application(app -> app.plugin(HttpServer.builder()
                    .routes(Main::routes)
                    .interceptors(around -> around.add(this::slowDown))
                    .build()))
            .with("lynx.http.port", "0")
            .with("lynx.metrics.prometheus.port", "0")
            .build();

    private void slowDown(Request request, Response response, HttpHandler next) throws Exception {
        lynx.faults().at("greeting");
        next.handle(request, response);
    }

    @Test
    void greetsLate() {
        lynx.faults().delay("greeting", Duration.ofMillis(200));

        assertThat(lynx.get("/hello/Ada").body()).isEqualTo("Hello, Ada");
    }
}
// end
