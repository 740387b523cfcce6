package io.lynx.event.bridge;

import static io.lynx.event.bridge.RecordingTransport.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.event.bridge.DeadLetterChannel.LetterOutcome;
import io.lynx.testkit.ManualTime;
import org.junit.jupiter.api.Test;

class DeadLetterChannelTest {
    private final RecordingTransport transport = new RecordingTransport();
    private final DeadLetterChannel channel = transport.deadLetters(new ManualTime());
    private final BridgeMessage large = new BridgeMessage(message("1", "a").attributes(), new byte[300]);

    @Test
    void namesTheReasonAndTheChannel() throws Exception {
        assertThat(channel.publish("lynx.business", large, "is no JSON")).isInstanceOf(LetterOutcome.Stored.class);

        assertThat(transport.published).containsExactly("lynx.business.dead-letters:1");
        assertThat(transport.messages.getFirst().attributes())
                .containsEntry("lynxreason", "is no JSON")
                .containsEntry("lynxchannel", "lynx.business")
                .doesNotContainKey("lynxdatasize");
        assertThat(transport.messages.getFirst().data()).hasSize(300);
    }

    @Test
    void aLetterThatIsTooLargeKeepsItsAttributesOnly() throws Exception {
        transport.refused = letter -> letter.data().length > 200;

        assertThat(channel.publish(large, "failed")).isInstanceOf(LetterOutcome.Stored.class);

        assertThat(transport.published).containsExactly("lynx.business.dead-letters:1");
        BridgeMessage letter = transport.messages.getFirst();
        assertThat(letter.data()).isEmpty();
        assertThat(letter.key()).isEqualTo("a");
        assertThat(letter.attributes())
                .containsEntry("lynxreason", "failed")
                .containsEntry("lynxchannel", "lynx.business")
                .containsEntry("lynxdatasize", "300");
    }

    @Test
    void aLetterThatIsRefusedWithoutItsPayloadIsLost() throws Exception {
        transport.refused = _ -> true;

        assertThat(channel.publish(large, "failed")).isInstanceOf(LetterOutcome.Lost.class);

        assertThat(transport.waves).hasValue(2);
    }

    @Test
    void anOutageLosesNothing() throws Exception {
        transport.isDown = true;
        assertThat(channel.publish(large, "failed")).isInstanceOf(LetterOutcome.Unacknowledged.class);

        transport.isDown = false;
        transport.refused = letter -> letter.data().length > 0;
        transport.failing = letter -> letter.data().length == 0;
        assertThat(channel.publish(large, "failed")).isInstanceOf(LetterOutcome.Unacknowledged.class);

        assertThat(transport.published).isEmpty();
    }
}
