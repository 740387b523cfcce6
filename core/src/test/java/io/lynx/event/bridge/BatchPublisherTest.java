package io.lynx.event.bridge;

import static io.lynx.event.bridge.RecordingTransport.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.event.bridge.BridgeTransport.UnpublishedMessage;
import io.lynx.testkit.ManualTime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchPublisherTest {
    private final RecordingTransport transport = new RecordingTransport();
    private final BatchPublisher publisher = new BatchPublisher(
            transport,
            new ChannelNames("lynx.{bus}", "{channel}.dead-letters"),
            Duration.ofSeconds(10),
            new ManualTime());

    @Test
    void sendsMessagesOfDifferentKeysTogetherAndThoseOfAKeyInWaves() throws Exception {
        List<UnpublishedMessage> left =
                publisher.publish(List.of(message("1", "a"), message("2", "b"), message("3", "a"), message("4", "")));

        assertThat(left).isEmpty();
        assertThat(transport.published)
                .containsExactly("lynx.business:1", "lynx.business:2", "lynx.business:4", "lynx.business:3");
        assertThat(transport.waves.get()).isEqualTo(2);
    }

    @Test
    void sendsNothingOfAKeyAfterAMessageThatFailed() throws Exception {
        transport.failing = message -> message.id().equals("1");

        List<UnpublishedMessage> left =
                publisher.publish(List.of(message("1", "a"), message("2", "b"), message("3", "a"), message("4", "b")));

        assertThat(left).extracting(each -> each.message().id()).containsExactly("1", "3");
        assertThat(transport.published).containsExactly("lynx.business:2", "lynx.business:4");
    }

    @Test
    void aMessageThatIsRefusedPermanentlyHoldsUpNoOther() throws Exception {
        transport.refused = message -> message.id().equals("1");

        List<UnpublishedMessage> left = publisher.publish(List.of(message("1", "a"), message("2", "a")));

        assertThat(left).singleElement().satisfies(each -> {
            assertThat(each.message().id()).isEqualTo("1");
            assertThat(each.isPermanent()).isTrue();
        });
        assertThat(transport.published).containsExactly("lynx.business:2");
    }

    @Test
    void nothingIsAcknowledgedWhileTheBrokerIsDown() throws Exception {
        transport.isDown = true;

        List<UnpublishedMessage> left = publisher.publish(List.of(message("1", "a"), message("2", "a")));

        assertThat(left).extracting(each -> each.message().id()).containsExactly("1", "2");
        assertThat(transport.waves.get()).isEqualTo(1);
    }
}
