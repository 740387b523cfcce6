package io.lynx.transport.engine.outgoing;

import io.lynx.transport.CallListener;
import io.lynx.transport.OutgoingCall;
import io.lynx.transport.OutgoingException;
import io.lynx.transport.OutgoingException.Kind;
import io.lynx.transport.OutgoingHead;
import io.lynx.transport.Stream.WriteListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/** One call on a connection of HTTP/2: the handler of its stream. Its state belongs to the event loop. */
final class Http2Call extends ChannelInboundHandlerAdapter implements OutgoingCall {
    /** More interim answers than this are a flood. */
    private static final int MAX_INTERIMS = 32;

    private final MultiplexedConnection connection;
    private final EventLoop loop;
    private final OutgoingHead head;
    private final CallListener listener;
    private @Nullable Channel stream;
    private boolean isOver;
    private boolean isSent;
    private boolean isHeadRead;
    private int interims;

    Http2Call(MultiplexedConnection connection, EventLoop loop, OutgoingHead head, CallListener listener) {
        this.connection = connection;
        this.loop = loop;
        this.head = head;
        this.listener = listener;
    }

    /** The call was not sent; returns false if it had ended before. */
    boolean refuse(OutgoingException reason) {
        if (isOver) {
            return false;
        }
        isOver = true;
        listener.failed(reason);
        return true;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        stream = context.channel();
    }

    /** Sends the head, and the body if it is complete. */
    void send() {
        Channel channel = stream;
        if (channel == null) {
            return;
        }
        if (isOver) {
            channel.close();
            return;
        }
        OutgoingHead.Body body = head.body();
        isSent = !head.isStreamed();
        boolean endsWithHead = isSent && (body == null || body.bytes().length == 0);
        channel.write(new DefaultHttp2HeadersFrame(Http2Fields.of(head), endsWithHead))
                .addListener(written -> {
                    if (!written.isSuccess()) {
                        // Such as when the server has lowered the number of streams meanwhile.
                        fail(connection.unsent("the call could not be sent", written.cause()));
                    }
                });
        if (body != null && !endsWithHead) {
            channel.write(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(body.bytes()), true));
        }
        channel.flush();
        connection.sent();
    }

    @Override
    public void write(byte[] bytes, int offset, int length, WriteListener written) {
        boolean isAccepted = LoopTasks.run(loop, () -> {
            Channel channel = stream;
            if (isOver || channel == null) {
                written.written(false);
                return;
            }
            channel.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(bytes, offset, length), false))
                    .addListener(result -> written.written(result.isSuccess()));
        });
        if (!isAccepted) {
            written.written(false);
        }
    }

    @Override
    public void end() {
        boolean _ = LoopTasks.run(loop, () -> {
            Channel channel = stream;
            if (!isOver && channel != null) {
                isSent = true;
                channel.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.EMPTY_BUFFER, true));
            }
        });
    }

    @Override
    public void pause() {
        setReading(false);
    }

    @Override
    public void resume() {
        setReading(true);
    }

    private void setReading(boolean isReading) {
        boolean _ = LoopTasks.run(loop, () -> {
            Channel channel = stream;
            if (!isOver && channel != null) {
                channel.config().setAutoRead(isReading);
            }
        });
    }

    @Override
    public void cancel() {
        boolean _ = LoopTasks.run(loop, () -> {
            if (!isOver) {
                connection.cancelled();
                fail(Kind.LOST, "the call was cancelled");
            }
        });
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            connection.received();
            if (isOver) {
                return;
            }
            if (message instanceof Http2HeadersFrame frame) {
                headers(frame);
            } else if (message instanceof Http2DataFrame frame) {
                data(frame);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void headers(Http2HeadersFrame frame) {
        if (isHeadRead) {
            listener.trailers(Http2Fields.list(frame.headers()));
            complete(frame.isEndStream());
            return;
        }
        int status = Http2Fields.status(frame.headers().status());
        if (status < 100 || status > 599 || status == 101) {
            fail(Kind.MALFORMED, "the status of the answer is not one that the request allows");
        } else if (status < 200) {
            if (++interims > MAX_INTERIMS || frame.isEndStream()) {
                fail(Kind.MALFORMED, "the server sends interim answers without end");
            }
        } else {
            isHeadRead = true;
            listener.head(status, Http2Fields.list(frame.headers()));
            complete(frame.isEndStream());
        }
    }

    private void data(Http2DataFrame frame) {
        if (!isHeadRead) {
            fail(Kind.MALFORMED, "the answer begins with a body");
            return;
        }
        ByteBuf bytes = frame.content();
        if (bytes.isReadable()) {
            listener.received(ByteBufUtil.getBytes(bytes));
        }
        complete(frame.isEndStream());
    }

    private void complete(boolean isEnd) {
        if (!isEnd || isOver) {
            return;
        }
        isOver = true;
        if (!isSent) {
            reset(Http2Error.NO_ERROR);
        }
        connection.ended();
        listener.completed();
    }

    private void reset(Http2Error error) {
        Channel channel = stream;
        if (channel != null && channel.isActive()) {
            channel.writeAndFlush(new DefaultHttp2ResetFrame(error)).addListener(_ -> channel.close());
        }
    }

    private void fail(Kind kind, String message) {
        fail(new OutgoingException(kind, !isHeadRead, message, null));
    }

    private void fail(OutgoingException failure) {
        if (isOver) {
            return;
        }
        isOver = true;
        reset(Http2Error.CANCEL);
        connection.ended();
        listener.failed(failure);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        try {
            if (event instanceof Http2GoAwayFrame) {
                fail(Kind.UNPROCESSED, "the server closes the connection and has not processed the call");
            } else if (event instanceof Http2ResetFrame reset) {
                connection.received();
                boolean isUnprocessed = reset.errorCode() == Http2Error.REFUSED_STREAM.code();
                fail(OutgoingException.reset(
                        isUnprocessed ? Kind.UNPROCESSED : Kind.LOST,
                        !isHeadRead,
                        isUnprocessed ? "the server has refused the call" : "the server has reset the call",
                        reset.errorCode()));
            }
        } finally {
            ReferenceCountUtil.release(event);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        fail(ConnectionLoss.ofHttp2(failure).exception(!isHeadRead));
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        ConnectionLoss loss = connection.loss();
        if (loss == null) {
            fail(Kind.LOST, "the connection ended before the answer was complete");
        } else {
            fail(loss.exception(!isHeadRead));
        }
    }
}
