package io.lynx.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.app.StartException;
import io.lynx.testkit.StockPlugin.Stock;
import io.lynx.testkit.StockPlugin.StockConfig;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The code of the guide's page on testing. */
// snippet: testing-plugin
@ExtendWith(LynxExtension.class)
class StockPluginTest {
    private final LynxTest lynx =
            LynxTest.of(new StockPlugin()).with("stock.size", "2").manualTime().build();

    @Test
    void sellsWhatThereIs() {
        Stock stock = lynx.resource(StockPlugin.STOCK);

        assertThat(stock.sell()).isTrue();
        assertThat(stock.left()).isEqualTo(1);
    }
    // end

    // snippet: testing-time
    @Test
    void refillsEveryHour() {
        Stock stock = lynx.resource(StockPlugin.STOCK);
        assertThat(stock.sell()).isTrue();

        lynx.advance(Duration.ofHours(1));

        Await.until("the stock is refilled", () -> stock.left() == 2);
    }
    // end

    // snippet: testing-observe
    @Test
    void reportsThatItIsSoldOut() {
        Stock stock = lynx.resource(StockPlugin.STOCK);

        for (int i = 0; i < 3; i++) {
            boolean _ = stock.sell();
        }

        assertThat(lynx.events().await(StockPlugin.SOLD_OUT)).isEqualTo("lamp");
        assertThat(lynx.metrics().value("stock_sold_total")).isEqualTo(2);
        assertThat(lynx.logs().containing("sold out")).hasSize(1);
    }
    // end

    @Test
    void survivesAStartThatFails() {
        // snippet: testing-faults
        try (LynxTest lynx = LynxTest.of(new StockPlugin()).build()) {
            lynx.faults().failStart("stock", new IOException("no warehouse"));

            assertThatThrownBy(lynx::start).isInstanceOf(StartException.class).hasMessageContaining("no warehouse");

            lynx.faults().clear();
            lynx.start();
        }
        // end
    }

    @Test
    void needsNoJUnit() {
        // snippet: testing-plain
        try (LynxTest lynx = LynxTest.of(new StockPlugin()).start()) {
            Stock stock = lynx.resource(StockPlugin.STOCK);
            if (stock.left() != 10) {
                throw new AssertionError("the stock is not full");
            }
        }
        // end
    }

    // snippet: testing-context
    @Test
    void refusesAnEmptyStock() {
        StockPlugin plugin = new StockPlugin();
        try (RecordingContext context = RecordingContext.of(plugin.descriptor(), new ManualTime())) {
            context.config(new StockConfig(0));

            assertThatThrownBy(() -> plugin.start(context)).hasMessage("stock.size: 0; at least 1 is allowed");
        }
    }
    // end
}
