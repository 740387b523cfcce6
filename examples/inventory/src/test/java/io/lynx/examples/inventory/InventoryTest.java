package io.lynx.examples.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.http.HttpServer;
import io.lynx.testkit.HttpReply;
import io.lynx.testkit.LynxExtension;
import io.lynx.testkit.LynxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The whole service, called like its clients call it. */
@ExtendWith(LynxExtension.class)
class InventoryTest {
    private static final LynxTest lynx = LynxTest.application(app -> Main.plugins(app, HttpServer.with(http -> {})))
            .with("lynx.http.port", "0")
            .with("lynx.metrics.prometheus.port", "0")
            .with("inventory.items.desk lamp", "7")
            .build();

    @Test
    void answersWithTheStockOfAnItem() {
        HttpReply lamps = lynx.get("/stock?item=lamp");

        assertThat(lamps.status()).isEqualTo(200);
        assertThat(lamps.body()).isEqualTo("{\"item\":\"lamp\",\"available\":12}");
        assertThat(lynx.get("/stock?item=desk%20lamp").body()).contains("\"available\":7");
    }

    @Test
    void hasNothingOfAnUnknownItem() {
        HttpReply unicorns = lynx.get("/stock?item=unicorn");

        assertThat(unicorns.status()).isEqualTo(200);
        assertThat(unicorns.body()).contains("\"available\":0");
    }

    @Test
    void requiresTheNameOfAnItem() {
        assertThat(lynx.get("/stock").status()).isEqualTo(400);
    }
}
