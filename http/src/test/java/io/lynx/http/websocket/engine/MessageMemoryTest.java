package io.lynx.http.websocket.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.http.websocket.CloseStatus;
import io.lynx.http.websocket.WebSocketException;
import io.lynx.http.websocket.WebSocketOptions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MessageMemoryTest {
    private static final int LIMIT = 100 * 1024;

    private final MessageMemory memory = new MessageMemory(2 * LIMIT);
    private final List<byte[]> messages = new ArrayList<>();

    private FrameReader reader() {
        WebSocketOptions options = WebSocketOptions.defaults().withMaxMessageSize(LIMIT);
        return new FrameReader(options, false, memory, new FrameSink() {
            @Override
            public void message(boolean isText, boolean isCompressed, byte[] payload) {
                messages.add(payload);
            }

            @Override
            public void ping(byte[] payload) {}

            @Override
            public void closed(CloseStatus status) {}

            @Override
            public boolean isFull() {
                return false;
            }
        });
    }

    /** A frame with a mask of zeros. */
    private static byte[] frame(int first, int length, int announced) {
        byte[] frame = new byte[14 + length];
        frame[0] = (byte) first;
        frame[1] = (byte) 0xff;
        for (int i = 0; i < 8; i++) {
            frame[2 + i] = (byte) ((long) announced >> ((7 - i) * 8));
        }
        return frame;
    }

    @Test
    void whatIsAnnouncedTakesNoMemory() {
        FrameReader reader = reader();

        int _ = reader.read(frame(0x82, 1000, LIMIT), 0);

        assertThat(memory.used()).isBetween(1000L, 2000L);
        reader.close();
        assertThat(memory.used()).isZero();
    }

    @Test
    void messagesAreCountedUntilTheyAreTaken() {
        FrameReader reader = reader();

        int _ = reader.read(frame(0x82, LIMIT, LIMIT), 0);
        assertThat(memory.used()).isEqualTo(LIMIT);
        Inbox inbox = new Inbox(memory);
        inbox.add(new Inbox.Entry(false, false, messages.getFirst()));
        inbox.close();

        assertThat(memory.used()).isZero();
    }

    @Test
    void allSocketsTogetherAreBoundedButSmallMessagesPass() {
        int _ = reader().read(frame(0x82, LIMIT - 1, LIMIT), 0);
        int _ = reader().read(frame(0x82, LIMIT - 1, LIMIT), 0);

        assertThatThrownBy(() -> reader().read(frame(0x82, LIMIT - 1, LIMIT), 0))
                .isInstanceOfSatisfying(
                        WebSocketException.class, e -> assertThat(e.code()).isEqualTo(CloseStatus.TRY_AGAIN_LATER));
        assertThat(reader().read(new byte[] {(byte) 0x82, (byte) 0x81, 0, 0, 0, 0, 1}, 0))
                .isEqualTo(7);
        assertThat(messages).hasSize(1);
    }

    @Test
    void fragmentsOfAByteDoNotCopyTheMessageEachTime() {
        FrameReader reader = reader();
        byte[] fragment = {0, (byte) 0x81, 0, 0, 0, 0, 7};
        byte[] first = fragment.clone();
        first[0] = 2;

        int _ = reader.read(first, 0);
        for (int i = 1; i < LIMIT - 1; i++) {
            int _ = reader.read(fragment.clone(), 0);
        }
        byte[] last = fragment.clone();
        last[0] = (byte) 0x80;
        int _ = reader.read(last, 0);

        assertThat(messages.getFirst()).hasSize(LIMIT);
        assertThat(memory.used()).isEqualTo(LIMIT);
    }
}
