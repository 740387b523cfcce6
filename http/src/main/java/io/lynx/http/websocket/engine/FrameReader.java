package io.lynx.http.websocket.engine;

import io.lynx.http.websocket.CloseStatus;
import io.lynx.http.websocket.WebSocketException;
import io.lynx.http.websocket.WebSocketOptions;
import java.nio.charset.StandardCharsets;

/** Reads the frames of one client (RFC 6455, 5) and assembles its messages. Belongs to the event loop. */
final class FrameReader {
    /** Frames without content that a client may send between two checks of its time limits. */
    private static final int MOST_EMPTY = 1000;

    private static final byte[] NOTHING = {};

    private final FrameHead head;
    private final long maxFrame;
    private final long maxMessage;
    private final FrameSink sink;
    private final MessageBuffer message;
    private final Utf8Check text = new Utf8Check();

    /** The opcode of the message that has begun; 0 if none has. */
    private int opcode;

    private boolean isCompressed;
    private boolean isInPayload;
    private boolean isClosed;
    private byte[] control = NOTHING;
    private long length;
    private long read;
    private int empty;
    private int steps;

    /**
     * Creates one.
     *
     * @param isCompressible whether compression was agreed with the client
     */
    FrameReader(WebSocketOptions options, boolean isCompressible, MessageMemory memory, FrameSink sink) {
        this.head = new FrameHead(isCompressible);
        this.maxFrame = options.maxFrameSize().bytes();
        this.maxMessage = options.maxMessageSize().bytes();
        this.message = new MessageBuffer((int) maxMessage, memory);
        this.sink = sink;
    }

    /**
     * Reads bytes, which it changes, until there are no more, the sink is full or the client closes the socket.
     *
     * @return the index of the first byte that was not read
     * @throws WebSocketException if the client breaks the protocol or exceeds a limit; nothing is read after that
     */
    int read(byte[] bytes, int from) {
        int at = from;
        while (at < bytes.length && !isClosed && !sink.isFull()) {
            if (isInPayload) {
                at = payload(bytes, at);
            } else {
                at = head.take(bytes, at, opcode);
                if (head.isComplete()) {
                    begin();
                }
            }
        }
        return isClosed ? bytes.length : at;
    }

    private void begin() {
        length = head.length();
        read = 0;
        if (head.isControl()) {
            control = length == 0 ? NOTHING : new byte[(int) length];
        } else {
            requireSize(length, maxFrame, "a frame");
            requireSize(message.size() + length, maxMessage, "a message");
            if (opcode == 0) {
                opcode = head.opcode();
                isCompressed = head.isCompressed();
            }
        }
        if (length == 0) {
            ended();
        } else {
            isInPayload = true;
        }
    }

    private static void requireSize(long size, long most, String what) {
        if (size > most) {
            throw new WebSocketException(CloseStatus.TOO_BIG, what + " is larger than " + most + " bytes");
        }
    }

    private int payload(byte[] bytes, int from) {
        int count = (int) Math.min(length - read, bytes.length - from);
        FrameMask.apply(bytes, from, count, head.key(), read);
        if (head.isControl()) {
            System.arraycopy(bytes, from, control, (int) read, count);
        } else {
            if (opcode == FrameHead.TEXT && !isCompressed) {
                requireUtf8(text.accepts(bytes, from, from + count));
            }
            boolean isWhole = head.isLast() && head.opcode() != FrameHead.CONTINUATION;
            message.add(bytes, from, count, isWhole ? length : -1);
        }
        read += count;
        if (read == length) {
            ended();
        }
        return from + count;
    }

    private void ended() {
        isInPayload = false;
        boolean isLast = head.isLast();
        boolean isWhole = isLast && head.opcode() != FrameHead.CONTINUATION;
        if (head.isControl() || (length == 0 && !isWhole)) {
            countEmpty();
        }
        switch (head.opcode()) {
            case FrameHead.CLOSE -> closed();
            case FrameHead.PING -> sink.ping(control);
            case FrameHead.PONG -> {}
            default -> {
                if (isLast) {
                    messageEnded();
                }
            }
        }
        if (opcode == 0) {
            steps++;
        }
        control = NOTHING;
        head.begin();
    }

    private void messageEnded() {
        boolean isText = opcode == FrameHead.TEXT;
        if (isText && !isCompressed) {
            requireUtf8(text.isComplete());
        }
        opcode = 0;
        sink.message(isText, isCompressed, message.complete());
    }

    private void countEmpty() {
        if (++empty > MOST_EMPTY) {
            throw new WebSocketException(CloseStatus.POLICY_VIOLATION, "too many frames without content");
        }
    }

    private void closed() {
        isClosed = true;
        if (control.length == 0) {
            sink.closed(new CloseStatus(CloseStatus.NO_CODE, ""));
            return;
        }
        int code = control.length == 1 ? 0 : (control[0] & 0xff) << Byte.SIZE | (control[1] & 0xff);
        if (!CloseStatus.isSendable(code)) {
            throw new WebSocketException(CloseStatus.PROTOCOL_ERROR, "a close code is missing or invalid");
        }
        Utf8Check reason = new Utf8Check();
        requireUtf8(reason.accepts(control, 2, control.length) && reason.isComplete());
        sink.closed(new CloseStatus(code, new String(control, 2, control.length - 2, StandardCharsets.UTF_8)));
    }

    private static void requireUtf8(boolean isUtf8) {
        if (!isUtf8) {
            throw new WebSocketException(CloseStatus.INVALID_DATA, "text is not UTF-8");
        }
    }

    /** Allows as many frames without content again. */
    void checked() {
        empty = 0;
    }

    /** Whether a frame or a message has begun and is not complete. */
    boolean isWithinMessage() {
        return opcode != 0 || isInPayload || head.hasBegun();
    }

    /** Changes with each message that is complete, and with each control frame between messages. */
    int steps() {
        return steps;
    }

    /** How many bytes of the message have arrived. */
    int size() {
        return message.size();
    }

    /** Reads nothing more, and drops what is incomplete. */
    void close() {
        isClosed = true;
        message.clear();
    }
}
