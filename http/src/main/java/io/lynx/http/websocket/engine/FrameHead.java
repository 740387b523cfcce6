package io.lynx.http.websocket.engine;

import io.lynx.http.websocket.CloseStatus;
import io.lynx.http.websocket.WebSocketException;

/** The head of one frame after the other (RFC 6455, 5.2), byte by byte. Not thread-safe. */
final class FrameHead {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;
    static final int LAST = 0x80;
    static final int COMPRESSED = 0x40;
    static final int MASKED = 0x80;
    static final int SHORT_LENGTH = 126;
    static final int LONG_LENGTH = 127;

    private static final int RESERVED = 0x30;
    private static final int OPCODE = 0x0f;
    private static final int FIRST = 2;

    private final byte[] bytes = new byte[FIRST + Long.BYTES + Integer.BYTES];
    private final boolean mayBeCompressed;
    private int size;
    private int expected = FIRST;

    /**
     * Creates one.
     *
     * @param mayBeCompressed whether compression was agreed with the client
     */
    FrameHead(boolean mayBeCompressed) {
        this.mayBeCompressed = mayBeCompressed;
    }

    /**
     * Takes bytes until the head is complete or there are no more.
     *
     * @param openMessage the opcode of the message that has begun; 0 if none has
     * @return the index of the first byte that was not taken
     * @throws WebSocketException if the frame breaks the protocol
     */
    int take(byte[] source, int from, int openMessage) {
        int at = from;
        while (at < source.length && size < expected) {
            bytes[size++] = source[at++];
            if (size == FIRST) {
                check(openMessage);
                expected = FIRST + lengthBytes() + Integer.BYTES;
            }
        }
        return at;
    }

    private void check(int openMessage) {
        boolean isReserved = (bytes[0] & RESERVED) != 0
                || (isCompressed() && (!mayBeCompressed || isControl() || opcode() == CONTINUATION));
        require(!isReserved, "a reserved bit is set");
        require((bytes[1] & MASKED) != 0, "a frame is not masked");
        switch (opcode()) {
            case CONTINUATION -> require(openMessage != 0, "a frame continues no message");
            case TEXT, BINARY -> require(openMessage == 0, "a message begins within another");
            case CLOSE, PING, PONG -> {
                require(isLast(), "a control frame is fragmented");
                require(shortLength() < SHORT_LENGTH, "a control frame is longer than 125 bytes");
            }
            default -> throw broken("an opcode is unknown");
        }
    }

    private static void require(boolean isValid, String detail) {
        if (!isValid) {
            throw broken(detail);
        }
    }

    private static WebSocketException broken(String detail) {
        return new WebSocketException(CloseStatus.PROTOCOL_ERROR, detail);
    }

    private int shortLength() {
        return bytes[1] & LONG_LENGTH;
    }

    private int lengthBytes() {
        return switch (shortLength()) {
            case SHORT_LENGTH -> Short.BYTES;
            case LONG_LENGTH -> Long.BYTES;
            default -> 0;
        };
    }

    boolean isComplete() {
        return size == expected;
    }

    /** Whether a byte of it has been read. */
    boolean hasBegun() {
        return size > 0;
    }

    /** The next head follows. */
    void begin() {
        size = 0;
        expected = FIRST;
    }

    boolean isLast() {
        return (bytes[0] & LAST) != 0;
    }

    boolean isCompressed() {
        return (bytes[0] & COMPRESSED) != 0;
    }

    int opcode() {
        return bytes[0] & OPCODE;
    }

    boolean isControl() {
        return opcode() >= CLOSE;
    }

    /**
     * Returns the length of the payload.
     *
     * @throws WebSocketException if it is not written in the shortest form
     */
    long length() {
        int count = lengthBytes();
        if (count == 0) {
            return shortLength();
        }
        long length = number(FIRST, count);
        boolean isShortest = count == Short.BYTES ? length >= SHORT_LENGTH : length > 0xffff;
        require(isShortest, "the length of a frame is not in its shortest form, or negative");
        return length;
    }

    /** Returns the key of the mask, its first byte highest. */
    int key() {
        return (int) number(FIRST + lengthBytes(), Integer.BYTES);
    }

    private long number(int from, int count) {
        long number = 0;
        for (int i = from; i < from + count; i++) {
            number = number << Byte.SIZE | (bytes[i] & 0xff);
        }
        return number;
    }
}
