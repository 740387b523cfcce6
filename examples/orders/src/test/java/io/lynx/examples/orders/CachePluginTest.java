package io.lynx.examples.orders;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.testkit.RecordingContext;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class CachePluginTest {
    private static final Order ORDER =
            new Order(1, "ada", "lamp", 1, BigDecimal.ONE, BigDecimal.ONE, OrderStatus.PLACED, Instant.EPOCH);

    @AutoClose
    private final RecordingContext context = RecordingContext.onRealTime("test");

    @Test
    void followsWhatHappensToOrders() {
        new CachePlugin().start(context);
        OrderCache cache = context.resource(CachePlugin.CACHE);

        context.events().publish(OrderEvents.PLACED, ORDER);
        context.events().publish(OrderEvents.CHANGED, ORDER.confirmed());

        while (!cache.get(1).equals(Optional.of(ORDER.confirmed()))) {
            Thread.onSpinWait();
        }
        assertThat(context.events().bus("business").snapshot().subscriptions())
                .singleElement()
                .satisfies(account -> assertThat(account.name()).isEqualTo(CachePlugin.ID));
    }
}
