package io.lynx.http.websocket.engine;

import io.lynx.http.websocket.CloseStatus;
import java.nio.charset.StandardCharsets;

/** The frames that the server sends, which are not masked (RFC 6455, 5.2). Stateless. */
final class Frames {
    private static final byte[] NOTHING = {};

    private Frames() {}

    /** Returns a frame that is a whole message, or a control frame. */
    static byte[] whole(int opcode, boolean isCompressed, byte[] payload) {
        int first = FrameHead.LAST | (isCompressed ? FrameHead.COMPRESSED : 0) | opcode;
        return frame(first, payload, 0, payload.length);
    }

    /** Returns one frame of a message that consists of several. */
    static byte[] part(int opcode, boolean isCompressed, byte[] payload, int from, int count) {
        boolean isFirst = from == 0;
        int first = (from + count == payload.length ? FrameHead.LAST : 0)
                | (isFirst && isCompressed ? FrameHead.COMPRESSED : 0)
                | (isFirst ? opcode : FrameHead.CONTINUATION);
        return frame(first, payload, from, count);
    }

    /** Returns a close frame; without a code if that may not be sent. */
    static byte[] close(CloseStatus status) {
        if (!CloseStatus.isSendable(status.code())) {
            return whole(FrameHead.CLOSE, false, NOTHING);
        }
        byte[] reason = status.reason().getBytes(StandardCharsets.UTF_8);
        byte[] payload = new byte[2 + reason.length];
        payload[0] = (byte) (status.code() >> Byte.SIZE);
        payload[1] = (byte) status.code();
        System.arraycopy(reason, 0, payload, 2, reason.length);
        return whole(FrameHead.CLOSE, false, payload);
    }

    private static byte[] frame(int first, byte[] payload, int from, int count) {
        int lengthBytes = count < FrameHead.SHORT_LENGTH ? 0 : count <= 0xffff ? Short.BYTES : Long.BYTES;
        byte[] frame = new byte[2 + lengthBytes + count];
        frame[0] = (byte) first;
        frame[1] = (byte)
                switch (lengthBytes) {
                    case 0 -> count;
                    case Short.BYTES -> FrameHead.SHORT_LENGTH;
                    default -> FrameHead.LONG_LENGTH;
                };
        for (int i = 0; i < lengthBytes; i++) {
            frame[2 + i] = (byte) ((long) count >> ((lengthBytes - 1 - i) * Byte.SIZE));
        }
        System.arraycopy(payload, from, frame, 2 + lengthBytes, count);
        return frame;
    }
}
