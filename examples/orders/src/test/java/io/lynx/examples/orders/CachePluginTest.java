package io.lynx.examples.orders;

import io.lynx.testkit.Await;
import io.lynx.testkit.LynxExtension;
import io.lynx.testkit.LynxTest;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LynxExtension.class)
class CachePluginTest {
    private static final Order ORDER =
            new Order(1, "ada", "lamp", 1, BigDecimal.ONE, BigDecimal.ONE, OrderStatus.PLACED, Instant.EPOCH);

    private final LynxTest lynx = LynxTest.of(new CachePlugin()).manualTime().build();

    @Test
    void followsTheEventsOfOrders() {
        OrderCache cache = lynx.resource(CachePlugin.CACHE);

        lynx.application().events().publish(OrderEvents.PLACED, ORDER);
        lynx.application().events().publish(OrderEvents.CHANGED, ORDER.confirmed());

        Await.until("the order is confirmed", () -> cache.get(1).equals(Optional.of(ORDER.confirmed())));
    }
}
