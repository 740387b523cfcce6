package io.lynx.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.event.Topic;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HangingHandlerTest {
    private static final Topic<Integer> PLACED = Topic.of("business", "order.placed", Integer.class);

    @Test
    void aHandlerThatDoesNotReturnIsNamedWithItsPlugin() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        FakePlugin shop = FakePlugin.starting("shop", context -> {
            var _ = context.events()
                    .subscribe(
                            PLACED,
                            _ -> {
                                entered.countDown();
                                released.await();
                            },
                            options -> options.name("slow"));
        });
        try (LynxTest lynx = LynxTest.of(shop).manualTime().start()) {
            var _ = lynx.application().events().publish(PLACED, 1);
            assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();

            for (int i = 0; i < 6; i++) {
                lynx.advance(Duration.ofSeconds(10));
            }

            LogLine line = lynx.logs().await("Event handler 'slow' has not returned for ");
            assertThat(line.toString()).contains("plugin=shop", "subscriber=slow");
            released.countDown();
        }
    }
}
