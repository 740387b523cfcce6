package io.lynx.transport.engine.framing;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class Http2TimeLimitsTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final int HEADERS = 1;
    private static final int SETTINGS = 4;
    private static final int CONTINUATION = 9;
    private static final int ACK = 1;
    private static final int END_HEADERS = 4;

    private final FramingGate framing = new FramingGate(10);
    private final Http2TimeLimits limits = new Http2TimeLimits(framing, 5 * SECOND);

    @BeforeEach
    void begin() {
        framing.servesHttp2();
        receive(Unpooled.copiedBuffer("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", StandardCharsets.US_ASCII));
        limits.begin(0);
    }

    @Test
    void settingsMustBeAcknowledged() {
        assertThat(limits.exceeded(10 * SECOND)).isEqualTo(Http2Framing.NO_ERROR);
        assertThat(limits.exceeded(10 * SECOND + 1)).isEqualTo(Http2Framing.SETTINGS_TIMEOUT);
    }

    @Test
    void acknowledgedSettingsHaveNoLimit() {
        receive(frame(SETTINGS, ACK));

        assertThat(limits.exceeded(100 * SECOND)).isEqualTo(Http2Framing.NO_ERROR);
    }

    @Test
    void aHeaderBlockMustEnd() {
        receive(frame(SETTINGS, ACK));
        receive(frame(HEADERS, 0));

        assertThat(limits.exceeded(20 * SECOND)).isEqualTo(Http2Framing.NO_ERROR);
        assertThat(limits.exceeded(25 * SECOND)).isEqualTo(Http2Framing.NO_ERROR);
        assertThat(limits.exceeded(25 * SECOND + 1)).isEqualTo(Http2Framing.ENHANCE_YOUR_CALM);
    }

    @Test
    void aHeaderBlockThatEndedHasNoLimit() {
        receive(frame(SETTINGS, ACK));
        receive(frame(HEADERS, 0));
        assertThat(limits.exceeded(20 * SECOND)).isEqualTo(Http2Framing.NO_ERROR);
        receive(frame(CONTINUATION, END_HEADERS));

        assertThat(limits.exceeded(100 * SECOND)).isEqualTo(Http2Framing.NO_ERROR);
    }

    @Test
    void aHeaderBlockThatArrivesByteByByteMustEnd() {
        receive(frame(SETTINGS, ACK));
        receive(Unpooled.buffer()
                .writeMedium(5)
                .writeByte(HEADERS)
                .writeByte(END_HEADERS)
                .writeInt(1)
                .writeByte(0));
        assertThat(limits.exceeded(20 * SECOND)).isEqualTo(Http2Framing.NO_ERROR);

        receive(Unpooled.buffer().writeByte(0));

        assertThat(limits.exceeded(25 * SECOND + 1)).isEqualTo(Http2Framing.ENHANCE_YOUR_CALM);
    }

    @Test
    void eachHeaderBlockHasATimeOfItsOwn() {
        receive(frame(SETTINGS, ACK));
        for (int second = 20; second < 60; second++) {
            receive(frame(HEADERS, 0));
            assertThat(limits.exceeded(second * SECOND)).isEqualTo(Http2Framing.NO_ERROR);
            receive(frame(CONTINUATION, END_HEADERS));
        }
    }

    private void receive(ByteBuf bytes) {
        int _ = framing.examine(bytes);
    }

    private static ByteBuf frame(int type, int flags) {
        return Unpooled.buffer(9)
                .writeMedium(0)
                .writeByte(type)
                .writeByte(flags)
                .writeInt(type == SETTINGS ? 0 : 1);
    }
}
