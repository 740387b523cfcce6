package io.lynx.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.testkit.LynxTest;
import org.junit.jupiter.api.Test;

class UnusedConsumersTest {
    @Test
    void aSectionWithoutAConsumerIsReported() {
        try (LynxTest lynx = LynxTest.of(new KafkaPlugin())
                .with("lynx.kafka.servers", "127.0.0.1:1")
                .with("lynx.kafka.startup", "degrade")
                .with("lynx.kafka.consumers.ordres.group", "orders")
                .start()) {
            String warning = lynx.logs().await("no plugin has added a consumer").message();

            assertThat(warning)
                    .isEqualTo("lynx.kafka.consumers.ordres: no plugin has added a consumer of this name; correct the"
                            + " name or remove the section");
        }
    }
}
