package io.lynx.kafka.test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.event.bridge.BridgeMessage;
import io.lynx.event.bridge.BridgeTransport;
import io.lynx.event.bridge.BridgeTransport.UnpublishedMessage;
import io.lynx.testkit.LynxTest;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the transport of bridges says of messages that a real broker refuses. */
@WithKafka
class KafkaTransportTest {
    private static BridgeMessage message(String id, int size) {
        return new BridgeMessage(Map.of("id", id), "x".repeat(size).getBytes(UTF_8));
    }

    @Test
    void aMessageThatIsTooLargeIsRefusedPermanentlyAndKeepsNoOtherWaiting(TestKafka kafka) throws Exception {
        // Above the size of a batch: of smaller ones, the client would send several again and again, in a wrong order.
        TestKafka.server().createTopic(kafka.prefix() + "small", 1, Map.of("max.message.bytes", "100000"));
        BridgeMessage first = message("first", 10);
        BridgeMessage forTheBroker = message("for-the-broker", 200_000);
        BridgeMessage forTheClient = message("for-the-client", 2_000_000);
        BridgeMessage last = message("last", 10);
        try (LynxTest lynx = TestApplications.sending().start()) {
            BridgeTransport transport = lynx.resource(BridgeTransport.key("kafka"));

            List<UnpublishedMessage> left = transport.publish(
                    "small",
                    List.of(first, forTheBroker, forTheClient, last),
                    Deadline.after(Duration.ofSeconds(30), Ticker.system()));

            assertThat(left)
                    .as(left.toString())
                    .extracting(UnpublishedMessage::message)
                    .containsExactly(forTheBroker, forTheClient);
            assertThat(left).allMatch(UnpublishedMessage::isPermanent);
            assertThat(left.getFirst().cause()).hasMessageContaining("larger than the max message size");
            assertThat(kafka.values("small")).containsExactlyInAnyOrder("x".repeat(10), "x".repeat(10));
        }
    }
}
