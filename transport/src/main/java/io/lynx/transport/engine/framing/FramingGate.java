package io.lynx.transport.engine.framing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Decides which of the clear text bytes of one connection are passed on to the library: those whose framing is valid. It recognizes
 * the protocol by the preface of HTTP/2 (RFC 9113, 3.4), unless TLS has negotiated it. Belongs to the event loop.
 */
public final class FramingGate {
    private static final byte[] PREFACE = Http2Framing.PREFACE;

    private final int maxStreams;
    private int matched;
    private @Nullable Http1Framing http1;
    private @Nullable Http2Framing http2;

    public FramingGate(int maxStreams) {
        this.maxStreams = maxStreams;
    }

    /** Returns whether the protocol is not known yet. */
    public boolean isUndecided() {
        return http1 == null && http2 == null;
    }

    /**
     * Looks for the preface of HTTP/2 in {@code in} without reading it.
     *
     * @return how many bytes decide the protocol; they may be passed on. All of them if it stays undecided
     */
    public int recognize(ByteBuf in) {
        int start = in.readerIndex();
        for (int index = start; index < in.writerIndex(); index++) {
            if (in.getByte(index) != PREFACE[matched]) {
                Http1Framing framing = new Http1Framing();
                http1 = framing;
                int _ = framing.examine(Unpooled.wrappedBuffer(PREFACE, 0, matched));
                int _ = framing.examine(in.slice(index, 1));
                return index + 1 - start;
            }
            if (++matched == PREFACE.length) {
                http2 = Http2Framing.behindPreface(maxStreams);
                return index + 1 - start;
            }
        }
        return in.readableBytes();
    }

    /** Returns whether the connection serves HTTP/1.1. */
    public boolean isHttp1() {
        return http1 != null;
    }

    /** TLS has negotiated HTTP/1.1. */
    public void negotiatedHttp1() {
        if (http1 == null) {
            http1 = new Http1Framing();
        }
    }

    /** The connection serves HTTP/2 from now on: by its preface, by TLS, or by an upgrade. */
    public void servesHttp2() {
        if (http1 != null) {
            http1 = null;
            http2 = Http2Framing.upgraded(maxStreams);
        } else if (http2 == null) {
            http2 = Http2Framing.beforePreface(maxStreams);
        }
    }

    /** The server has closed a stream of HTTP/2, whether its client has ended it or not. */
    public void streamClosed(int stream) {
        if (http2 != null) {
            http2.closed(stream);
        }
    }

    /** Returns whether a frame of HTTP/2 comes next, or goes on, that is to be dropped, as its stream was reset. */
    public boolean isLate() {
        return http2 != null && http2.isLate();
    }

    /**
     * Reads what {@code in} has of that frame.
     *
     * @return how many bytes of the window of the connection are to be given back for it
     */
    public int dropLate(ByteBuf in) {
        return http2 == null ? 0 : http2.dropLate(in);
    }

    /** Returns how many of the readable bytes of {@code in} may be passed on; the rest is to be dropped, or examined again behind a late frame. */
    public int examine(ByteBuf in) {
        Http1Framing first = http1;
        if (first != null) {
            return first.examine(in);
        }
        Http2Framing second = http2;
        return second == null ? in.readableBytes() : second.examine(in);
    }

    /** Returns what is wrong with the bytes of HTTP/1.1; null if nothing is. */
    public Http1Framing.@Nullable Violation http1Violation() {
        return http1 == null ? null : http1.violation();
    }

    /** Returns what is wrong with the frames of HTTP/2; null if nothing is. */
    public Http2Framing.@Nullable Violation http2Violation() {
        return http2 == null ? null : http2.violation();
    }

    /** Returns whether what the client sends costs much more time than its length suggests: tiny chunks, or control frames. */
    public boolean isExpensive() {
        return (http1 != null && http1.hasTinyChunks()) || (http2 != null && http2.isMostlyControl());
    }

    /** Returns how many requests of HTTP/1.1 were valid. */
    public int requests() {
        return http1 == null ? 0 : http1.requests();
    }

    /** Returns whether the last request of HTTP/1.1 was read whole, and nothing of another. */
    public boolean isBetweenRequests() {
        return http1 != null && http1.isBetweenRequests();
    }

    /** Returns whether what follows the last request of HTTP/1.1 waits, since it may belong to another protocol. */
    public boolean isHeld() {
        return http1 != null && http1.isHeld();
    }

    /** What follows is HTTP/1.1. */
    public void proceed() {
        if (http1 != null) {
            http1.proceed();
        }
    }

    /** Returns whether the last request of an HTTP/1.1 connection has been read whole. */
    public boolean isOver() {
        return http1 != null && http1.isOver();
    }

    /** Returns whether the client has not acknowledged the settings of HTTP/2 yet. */
    boolean awaitsAcknowledgement() {
        return http2 != null && !http2.isAcknowledged();
    }

    /** Returns the number of the header block of HTTP/2 that has begun and not ended; {@link Http2Framing#NO_BLOCK} if none has. */
    long openHeaderBlock() {
        return http2 == null ? Http2Framing.NO_BLOCK : http2.openHeaderBlock();
    }
}
