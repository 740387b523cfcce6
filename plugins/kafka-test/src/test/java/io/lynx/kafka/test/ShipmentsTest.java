package io.lynx.kafka.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.http.HttpServer;
import io.lynx.testkit.Await;
import io.lynx.testkit.LynxExtension;
import io.lynx.testkit.LynxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The test of the guide to messaging. */
// snippet: messaging-test
@WithKafka
@ExtendWith(LynxExtension.class)
class ShipmentsTest {
    private static final LynxTest lynx = LynxTest.application(
                    app -> app.plugin(HttpServer.with(http -> {})).plugin(new ShipmentsPlugin()))
            .with("lynx.application.name", "shop")
            .with("lynx.application.version", "1")
            .with("lynx.http.port", "0")
            .with("lynx.metrics.prometheus.port", "0")
            .build();

    @Test
    void shipsWhatIsOrdered(TestKafka kafka) {
        assertThat(lynx.post("/orders", "{\"id\":7,\"article\":\"lamp\"}").status())
                .isEqualTo(202);

        Await.until("it is shipped", () -> lynx.get("/shipments").body().equals("[7]"));
        assertThat(kafka.values("orders")).containsExactly("{\"id\":7,\"article\":\"lamp\"}");
    }
}
// end
