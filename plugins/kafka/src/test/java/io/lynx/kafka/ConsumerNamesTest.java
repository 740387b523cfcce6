package io.lynx.kafka;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.plugin.PluginContext;
import io.lynx.testkit.LynxTest;
import org.junit.jupiter.api.Test;

class ConsumerNamesTest {
    @Test
    void aConsumerThatIsRefusedDoesNotTakeItsName() {
        try (LynxTest lynx = LynxTest.of(new KafkaPlugin())
                .with("lynx.kafka.servers", "127.0.0.1:1")
                .with("lynx.kafka.startup", "degrade")
                .start()) {
            KafkaConsumers consumers = lynx.resource(KafkaPlugin.consumers());
            PluginContext started = lynx.context("kafka");

            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> consumers.add(started, "orders", String.class, _ -> {}))
                        .isInstanceOf(IllegalStateException.class);
            }
        }
    }
}
