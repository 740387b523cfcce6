package io.lynx.transport.engine.framing;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Follows the frames that a client sends on one HTTP/2 connection, ahead of the decoder (RFC 9113, 4 to 6). It finds what the
 * decoder lets pass: streams whose identifiers are reused, and streams that are opened without end while the client has not
 * acknowledged the limit. It also finds what the decoder would answer with one reset each, until it ended the connection for that: the
 * rest of bodies whose streams were reset. It neither buffers nor changes anything, and keeps a bounded state. Not thread-safe; an instance belongs to
 * the event loop of its connection.
 */
public final class Http2Framing {
    public static final int NO_ERROR = 0;
    static final long NO_BLOCK = -1;
    public static final int PROTOCOL_ERROR = 1;
    public static final int FLOW_CONTROL_ERROR = 3;
    static final int SETTINGS_TIMEOUT = 4;
    static final int STREAM_CLOSED = 5;
    public static final int REFUSED_STREAM = 7;
    public static final int ENHANCE_YOUR_CALM = 11;

    private static final int HEADER = 9;
    private static final int MAX_FRAME_SIZE = 16_384;
    /** With which every client begins (RFC 9113, 3.4). */
    static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int WINDOW_UPDATE = 8;
    private static final int CONTINUATION = 9;

    private static final int END_STREAM = 1;
    private static final int ACK = 1;
    private static final int END_HEADERS = 4;

    /** Ranges of skipped identifiers that are remembered; a client that skips more often gets the more general error. */
    private static final int MAX_GAPS = 16;

    private static final int MANY_CONTROLS = 1000;
    private static final int CONTROLS_PER_REQUEST = 8;

    /**
     * What ends the connection.
     *
     * @param code the error code of the GOAWAY
     * @param detail a sentence for the log
     */
    public record Violation(int code, String detail) {}

    private record Gap(int first, int last) {}

    private final int maxSending;
    private final Set<Integer> sending = new HashSet<>();

    private final ResetStreams reset = new ResetStreams();
    private final ArrayDeque<Gap> gaps = new ArrayDeque<>();
    private final byte[] header = new byte[HEADER];
    private int headerBytes;

    /** How many bytes of the preface have been read. */
    private int preface;

    private int payload;

    /** The bytes that are still to be dropped of a frame that came too late. */
    private int late;

    private int highest;
    private long requests;
    private long controls;
    private boolean acknowledged;
    private boolean inHeaderBlock;
    private @Nullable Violation violation;

    private Http2Framing(int maxStreams, int preface, int highest) {
        // Streams that were refused stay open on the client's side until it learns of it.
        this.maxSending = 2 * maxStreams;
        this.preface = preface;
        this.highest = highest;
    }

    /**
     * Begins before the preface.
     *
     * @param maxStreams the number of concurrent streams that the server announces
     */
    static Http2Framing beforePreface(int maxStreams) {
        return new Http2Framing(maxStreams, 0, 0);
    }

    /** Begins behind the preface, which has been recognized. */
    static Http2Framing behindPreface(int maxStreams) {
        return new Http2Framing(maxStreams, PREFACE.length, 0);
    }

    /** Begins before the preface of a connection that was upgraded: the request that asked for it has become stream 1. */
    static Http2Framing upgraded(int maxStreams) {
        return new Http2Framing(maxStreams, 0, 1);
    }

    /**
     * Examines the readable bytes of {@code in} without reading them.
     *
     * @return how many of them may be passed on: all of them, or those before a frame that {@linkplain #isLate is late} or a violation
     */
    int examine(ByteBuf in) {
        if (late > 0) {
            return 0;
        }
        int start = in.readerIndex();
        int end = in.writerIndex();
        int index = start;
        while (index < end) {
            if (preface < PREFACE.length) {
                // The library would write a line to the log for each client without it.
                if (in.getByte(index) != PREFACE[preface]) {
                    violation = new Violation(PROTOCOL_ERROR, "the preface is malformed");
                    return index - start;
                }
                preface++;
                index++;
            } else if (payload > 0) {
                int taken = Math.min(payload, end - index);
                payload -= taken;
                index += taken;
            } else {
                header[headerBytes++] = in.getByte(index++);
                if (headerBytes == HEADER) {
                    headerBytes = 0;
                    int before = index - HEADER - start;
                    frame(before >= 0);
                    if (violation != null || late > 0) {
                        return Math.max(0, before);
                    }
                }
            }
        }
        return index - start;
    }

    /**
     * The server has closed {@code stream}. If the client has not ended it, that was a reset, which a client does not answer
     * (RFC 9113, 5.4.2): the stream counts no more, once the client has acknowledged the limit.
     */
    void closed(int stream) {
        if (sending.remove(stream)) {
            reset.add(stream);
            // A client opens no stream beyond the limit before it knows of earlier resets, so those that are forgotten
            // are known to it.
            if (acknowledged && reset.size() > maxSending) {
                reset.forgetFirst();
            }
        }
    }

    /** Returns whether a frame comes next, or goes on, that the client sent before it knew that its stream was reset. */
    boolean isLate() {
        return late > 0;
    }

    /**
     * Reads what {@code in} has of the late frame.
     *
     * @return how many bytes of the window of the connection the frame has taken; once for each frame
     */
    int dropLate(ByteBuf in) {
        int window = payload;
        payload = 0;
        int dropped = Math.min(late, in.readableBytes());
        in.skipBytes(dropped);
        late -= dropped;
        return window;
    }

    /** Returns what ends the connection; null if nothing does. */
    @Nullable
    Violation violation() {
        return violation;
    }

    /** Returns whether most of what the client sends is neither a request nor a part of one. */
    boolean isMostlyControl() {
        return controls > MANY_CONTROLS && controls > requests * CONTROLS_PER_REQUEST;
    }

    /** Returns whether the client has acknowledged our settings. */
    boolean isAcknowledged() {
        return acknowledged;
    }

    /** Returns the number of the header block that has begun and not ended; {@link #NO_BLOCK} if there is none. */
    long openHeaderBlock() {
        boolean isPartial = payload > 0 && (header[3] == HEADERS || header[3] == CONTINUATION);
        return inHeaderBlock || isPartial ? requests : NO_BLOCK;
    }

    /** A header has been read; {@code isWhole} if nothing of it has been passed on. */
    private void frame(boolean isWhole) {
        payload = ((header[0] & 0xff) << 16) | ((header[1] & 0xff) << 8) | (header[2] & 0xff);
        int flags = header[4] & 0xff;
        int stream = ((header[5] & 0x7f) << 24)
                | ((header[6] & 0xff) << 16)
                | ((header[7] & 0xff) << 8)
                | (header[8] & 0xff);
        switch (header[3]) {
            case HEADERS -> {
                requests++;
                inHeaderBlock = (flags & END_HEADERS) == 0;
                headers(stream, (flags & END_STREAM) != 0);
            }
            case CONTINUATION -> {
                controls++;
                inHeaderBlock &= (flags & END_HEADERS) == 0;
            }
            case DATA -> {
                controls += payload == 0 ? 1 : 0;
                if (isWhole && !inHeaderBlock && payload <= MAX_FRAME_SIZE && reset.isLate(stream, payload)) {
                    late = HEADER + payload;
                }
                if ((flags & END_STREAM) != 0) {
                    ended(stream);
                }
            }
            case RST_STREAM -> {
                controls++;
                ended(stream);
            }
            case SETTINGS -> {
                controls++;
                acknowledged |= (flags & ACK) != 0;
            }
            case WINDOW_UPDATE -> {}
            default -> controls++;
        }
    }

    /** The client has ended or reset {@code stream}. */
    private void ended(int stream) {
        if (!sending.remove(stream)) {
            boolean _ = reset.remove(stream);
        }
    }

    private void headers(int stream, boolean isLast) {
        if (stream > highest) {
            if (stream > highest + 2 && gaps.size() < MAX_GAPS) {
                gaps.add(new Gap(highest + 1, stream - 1));
            }
            highest = stream;
            if (!isLast) {
                sending.add(stream);
                if (sending.size() + (acknowledged ? 0 : reset.size()) > maxSending) {
                    violation = new Violation(ENHANCE_YOUR_CALM, "more streams are open than the limit allows");
                }
            }
        } else if (sending.contains(stream)) {
            if (isLast) {
                sending.remove(stream);
            }
        } else if (reset.remove(stream)) {
            // Trailers that the client sent before it received the reset, once; the library ignores them.
        } else if (stream != 0 && stream % 2 == 1) {
            boolean wasSkipped = gaps.stream().anyMatch(gap -> stream >= gap.first() && stream <= gap.last());
            violation = wasSkipped
                    ? new Violation(PROTOCOL_ERROR, "a stream has a lower identifier than the one before it")
                    : new Violation(STREAM_CLOSED, "a stream is used again after its end");
        }
    }
}
