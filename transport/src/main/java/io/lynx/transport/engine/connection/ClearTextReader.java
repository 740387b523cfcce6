package io.lynx.transport.engine.connection;

import io.lynx.transport.BodyListener;
import io.lynx.transport.engine.framing.FramingGate;
import io.lynx.transport.engine.framing.Http1Framing;
import io.lynx.transport.engine.framing.Http2Framing;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * Reads the clear text of one connection, decrypted if it was encrypted: passes the bytes with valid framing on to the library,
 * or to the protocol that the connection has switched to, and ends the connection where the framing is invalid. Belongs to the
 * event loop.
 */
final class ClearTextReader {
    private final Connection connection;
    private final AcceptedChannel channel;
    private final Http1Messages http1;
    private final FramingGate framing;
    private final ConnectionEnd end;
    private final ConnectionLimits limits;
    private final PipelineVerdict verdict;
    private @Nullable RawBytes raw;
    private @Nullable HeldBytes held;
    private @Nullable ClosedStreams closedStreams;

    ClearTextReader(
            Connection connection,
            AcceptedChannel channel,
            Http1Messages http1,
            FramingGate framing,
            ConnectionEnd end,
            ConnectionLimits limits,
            PipelineVerdict verdict) {
        this.connection = connection;
        this.channel = channel;
        this.http1 = http1;
        this.framing = framing;
        this.end = end;
        this.limits = limits;
        this.verdict = verdict;
    }

    void read(ChannelHandlerContext context, Object message) {
        RawBytes switched = raw;
        if (end.isLeaving()) {
            ReferenceCountUtil.release(message);
        } else if (switched != null) {
            switched.received(message);
        } else if (message instanceof ByteBuf bytes) {
            readHttp(context, bytes);
        } else {
            context.fireChannelRead(message);
        }
    }

    /** The connection serves HTTP/2. */
    void servesHttp2(ClosedStreams closed) {
        closedStreams = closed;
    }

    private void readHttp(ChannelHandlerContext context, ByteBuf bytes) {
        if (framing.isUndecided()) {
            int decisive = framing.recognize(bytes);
            pass(context, bytes.readRetainedSlice(decisive));
            if (framing.isHttp1()) {
                followHttp1();
            }
        }
        readFramed(context, bytes);
    }

    private void readFramed(ChannelHandlerContext context, ByteBuf bytes) {
        int valid = examine(bytes);
        while (framing.isLate() && bytes.isReadable()) {
            pass(context, bytes.readRetainedSlice(valid));
            dropLate(bytes);
            valid = examine(bytes);
        }
        if (framing.isExpensive()) {
            channel.readLittle();
        }
        if (framing.isOver()) {
            end.lastRequest(framing.requests());
        }
        if (valid == bytes.readableBytes()) {
            pass(context, bytes);
        } else {
            ByteBuf passed = bytes.readRetainedSlice(valid);
            if (framing.isHeld()) {
                hold(context, bytes);
            } else {
                bytes.release();
            }
            pass(context, passed);
        }
        endIfInvalid();
    }

    private int examine(ByteBuf bytes) {
        return end.isLeaving() ? 0 : framing.examine(bytes);
    }

    private void dropLate(ByteBuf bytes) {
        int window = framing.dropLate(bytes);
        if (window > 0 && closedStreams != null && !end.isLeaving() && !closedStreams.giveBack(window)) {
            end.failHttp2(Http2Framing.FLOW_CONTROL_ERROR);
        }
    }

    /** Keeps what follows a request that offers another protocol, until it is known whether the server switches to that. */
    private void hold(ChannelHandlerContext context, ByteBuf bytes) {
        HeldBytes behind = held == null ? new HeldBytes(channel, context) : held;
        held = behind;
        behind.add(bytes);
    }

    /** No stream is open: what follows a request whose offer was not accepted is read as HTTP, in a turn of its own. */
    void proceedLater() {
        if (framing.isHeld() && http1.streams() == framing.requests()) {
            channel.eventLoop().execute(this::proceed);
        }
    }

    private void proceed() {
        if (raw != null || !framing.isHeld() || http1.streams() != framing.requests()) {
            return;
        }
        framing.proceed();
        HeldBytes behind = held;
        held = null;
        if (behind != null) {
            readFramed(behind.readBy(), behind.release());
            behind.readBy().fireChannelReadComplete();
        }
    }

    /** The connection is closed. */
    void closed() {
        HeldBytes behind = held;
        held = null;
        if (behind != null) {
            behind.release().release();
        }
    }

    private void pass(ChannelHandlerContext context, ByteBuf bytes) {
        if (!bytes.isReadable()) {
            bytes.release();
        } else if (connection.isHttp2()) {
            context.fireChannelRead(bytes);
        } else {
            http1.read(context, bytes);
        }
    }

    private void followHttp1() {
        try {
            http1.follow(channel);
            verdict.supported();
        } catch (IllegalStateException unsupported) {
            verdict.unsupported(unsupported);
        }
    }

    /** Ends the connection if what was read is invalid: at once, or after the answers to what was valid. */
    void endIfInvalid() {
        Http2Framing.Violation frames = framing.http2Violation();
        if (frames != null && !end.isLeaving()) {
            end.failHttp2(frames.code());
        }
        Http1Framing.Violation request = framing.http1Violation();
        if (request == null || end.isLeaving() || http1.streams() < framing.requests()) {
            return;
        }
        if (request.isInBody()) {
            end.closeAfterAnswer();
            connection.streams().forEach(stream -> stream.bodyFailed(request.detail()));
        } else if (connection.streams().isEmpty()) {
            limits.refuseMalformed(request.status(), request.detail());
        }
    }

    /** Looks again, in a turn of its own, at what was invalid: a stream has ended or begun to read its body. */
    void endIfInvalidLater() {
        if (framing.http1Violation() != null) {
            channel.eventLoop().execute(this::endIfInvalid);
        }
    }

    /**
     * Sends {@code confirmation}; what is read and written from now on belongs to another protocol.
     *
     * @param plain where clear text is written
     * @throws IllegalStateException if the request that asked for it is not the last one that was read
     */
    RawBytes switchTo(ChannelHandlerContext plain, byte[] confirmation, BodyListener incoming) {
        if (!framing.isBetweenRequests() || http1.streams() != framing.requests()) {
            throw new IllegalStateException(
                    "upgrade: the request announces the end of the connection, or another one follows it; the last one of a"
                            + " connection that stays open can switch");
        }
        HeldBytes behind = held;
        held = null;
        RawBytes bytes = new RawBytes(connection, plain, incoming, behind);
        bytes.confirm(confirmation);
        end.closeAfterAnswer();
        raw = bytes;
        if (behind != null) {
            // In a turn of its own, once the caller knows that it has switched.
            channel.eventLoop().execute(bytes::receiveHeld);
        }
        return bytes;
    }

    /** Returns the protocol that the connection has switched to; null if it has not. */
    @Nullable
    RawBytes switched() {
        return raw;
    }
}
