package com.example.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.kafka.KafkaPlugin;
import io.lynx.kafka.test.TestKafka;
import io.lynx.kafka.test.WithKafka;
import io.lynx.testkit.LynxExtension;
import io.lynx.testkit.LynxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Starts the service with topics of its own in a Kafka, which the tests start. */
@WithKafka
@ExtendWith(LynxExtension.class)
class KafkaTest {
    private static final LynxTest lynx = LynxTest.application(Main::plugins)
            .with("lynx.http.port", "0")
            .with("lynx.metrics.prometheus.port", "0")
            .with("lynx.kafka.startup", "require")
            .build();

    @Test
    void sendsRecords(TestKafka kafka) {
        assertThat(lynx.resource(KafkaPlugin.sender())
                        .send("greetings", "Ada", "Hello, Ada")
                        .hasOffset())
                .isTrue();

        assertThat(kafka.values("greetings")).containsExactly("Hello, Ada");
    }
}
