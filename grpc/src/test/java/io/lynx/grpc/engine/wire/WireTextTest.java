package io.lynx.grpc.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Metadata;
import io.grpc.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Time limits, messages and metadata as texts. */
class WireTextTest {
    @Test
    void timesHaveEightDigitsAtMost() {
        assertThat(GrpcTimeout.text(0)).isEqualTo("0n");
        assertThat(GrpcTimeout.text(-5)).isEqualTo("0n");
        assertThat(GrpcTimeout.text(99_999_999)).isEqualTo("99999999n");
        assertThat(GrpcTimeout.text(100_000_000)).isEqualTo("100000u");
        assertThat(GrpcTimeout.text(Duration.ofSeconds(30).toNanos())).isEqualTo("30000000u");
        assertThat(GrpcTimeout.text(Duration.ofHours(2).toNanos())).isEqualTo("7200000m");
        assertThat(GrpcTimeout.text(Long.MAX_VALUE)).isEqualTo("2562047H");
    }

    @Test
    void aTimeThatIsReadAgainIsNeverLonger() {
        for (long nanos : new long[] {1, 123_456_789, 9_999_999_999L, 123_456_789_012_345L, Long.MAX_VALUE / 3}) {
            long read = GrpcTimeout.nanos(GrpcTimeout.text(nanos));
            assertThat(read).isLessThanOrEqualTo(nanos).isGreaterThan(nanos / 2);
        }
    }

    @Test
    void messagesAreDecodedAsTheyWereEncoded() {
        for (String text : new String[] {"plain", "50 % — später", "%", "a%2", "line\nbreak"}) {
            assertThat(MetadataText.message(MetadataText.encoded(text))).isEqualTo(text);
        }
        assertThat(MetadataText.message("100%zz%4")).isEqualTo("100%zz%4");
    }

    @Test
    void aMessageIsCutByItsEncodedLengthBetweenCharacters() {
        assertThat(MetadataText.encoded("x".repeat(3000))).isEqualTo("x".repeat(2048));
        assertThat(MetadataText.message(MetadataText.encoded("\u5024".repeat(2048))))
                .isEqualTo("\u5024".repeat(227));
        assertThat(MetadataText.encoded("x".repeat(2040) + "\ud83d\ude80")).isEqualTo("x".repeat(2040));
        assertThat(MetadataText.encoded("x".repeat(2036) + "\ud83d\ude80")).hasSize(2048);
        assertThat(MetadataText.encoded("half \ud83d")).isEqualTo("half %3F");
    }

    @Test
    void metadataOfAnAnswer() throws Exception {
        Metadata metadata = MetadataText.of(List.of("a", "1", "a", "2", "b-bin", "AQI", ":status", "200"));

        assertThat(metadata.getAll(Metadata.Key.of("a", Metadata.ASCII_STRING_MARSHALLER)))
                .containsExactly("1", "2");
        assertThat(metadata.get(Metadata.Key.of("b-bin", Metadata.BINARY_BYTE_MARSHALLER)))
                .containsExactly(1, 2);
        assertThatThrownBy(() -> MetadataText.of(List.of("b-bin", "%%%")))
                .isInstanceOf(MetadataText.MalformedException.class)
                .hasMessageContaining("b-bin");
    }

    @Test
    void aMessageIsCutOutOfPiecesOfAnySize() {
        byte[] framed = {0, 0, 0, 0, 3, 'a', 'b', 'c', 0, 0, 0, 0, 0};
        for (int size = 1; size <= framed.length; size++) {
            Messages messages = new Messages();
            MessageCutter cutter = new MessageCutter(messages, "answer", 10, "a.key", () -> false);
            for (int at = 0; at < framed.length; at += size) {
                cutter.cut(Arrays.copyOfRange(framed, at, Math.min(framed.length, at + size)));
            }
            assertThat(messages.texts.toString()).isEqualTo("[abc][]");
            assertThat(messages.held).isZero();
            assertThat(cutter.isInside()).isFalse();
        }
    }

    private static final class Messages implements MessageCutter.Sink {
        final StringBuilder texts = new StringBuilder();
        long held;

        @Override
        public boolean take(long bytes) {
            held += bytes;
            return true;
        }

        @Override
        public void giveBack(long bytes) {
            held -= bytes;
        }

        @Override
        public void exhausted() {
            throw new AssertionError("there is enough");
        }

        @Override
        public void message(InboundMessage message) {
            try (var in = message.open()) {
                texts.append('[')
                        .append(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                        .append(']');
            } catch (IOException impossible) {
                throw new AssertionError(impossible);
            }
        }

        @Override
        public void malformed(Status status) {
            throw new AssertionError(status.toString());
        }
    }
}
