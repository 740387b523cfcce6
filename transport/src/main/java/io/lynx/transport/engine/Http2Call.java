package io.lynx.transport.engine;

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
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception.HeaderListSizeException;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    boolean refuse(String reason) {
        if (isOver) {
            return false;
        }
        isOver = true;
        listener.failed(new OutgoingException(Kind.UNPROCESSED, true, reason, null));
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
        channel.write(new DefaultHttp2HeadersFrame(fields(), endsWithHead)).addListener(written -> {
            if (!written.isSuccess()) {
                // Such as when the server has lowered the number of streams meanwhile.
                fail(Kind.UNPROCESSED, "the call could not be sent", written.cause());
            }
        });
        if (body != null && !endsWithHead) {
            channel.write(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(body.bytes()), true));
        }
        channel.flush();
    }

    private Http2Headers fields() {
        Http2Headers fields = new DefaultHttp2Headers(false)
                .method(head.method())
                .scheme(head.scheme())
                .authority(head.authority())
                .path(head.target());
        List<String> headers = head.headers();
        for (int i = 0; i < headers.size(); i += 2) {
            fields.add(headers.get(i), headers.get(i + 1));
        }
        OutgoingHead.Body body = head.body();
        long length = body == null ? head.length() : body.bytes().length;
        if (body != null || length > 0) {
            fields.add("content-length", Long.toString(length));
        }
        return fields;
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
        boolean _ = LoopTasks.run(loop, () -> fail(Kind.LOST, "the call was cancelled", null));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
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
            complete(frame.isEndStream());
            return;
        }
        int status = status(frame.headers().status());
        if (status < 100 || status > 599 || status == 101) {
            fail(Kind.MALFORMED, "the status of the answer is not one that the request allows", null);
        } else if (status < 200) {
            if (++interims > MAX_INTERIMS || frame.isEndStream()) {
                fail(Kind.MALFORMED, "the server sends interim answers without end", null);
            }
        } else {
            isHeadRead = true;
            listener.head(status, list(frame.headers()));
            complete(frame.isEndStream());
        }
    }

    private static int status(@Nullable CharSequence text) {
        if (text == null || text.length() != 3) {
            return 0;
        }
        int status = 0;
        for (int i = 0; i < 3; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return 0;
            }
            status = status * 10 + digit;
        }
        return status;
    }

    private static List<String> list(Http2Headers headers) {
        List<String> list = new ArrayList<>(2 * headers.size());
        for (Map.Entry<CharSequence, CharSequence> field : headers) {
            if (field.getKey().length() > 0 && field.getKey().charAt(0) != ':') {
                list.add(field.getKey().toString());
                list.add(field.getValue().toString().trim());
            }
        }
        return list;
    }

    private void data(Http2DataFrame frame) {
        if (!isHeadRead) {
            fail(Kind.MALFORMED, "the answer begins with a body", null);
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

    private void fail(Kind kind, String message, @Nullable Throwable cause) {
        if (isOver) {
            return;
        }
        isOver = true;
        reset(Http2Error.CANCEL);
        connection.ended();
        listener.failed(new OutgoingException(kind, !isHeadRead, message, cause));
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        try {
            if (event instanceof Http2GoAwayFrame) {
                fail(Kind.UNPROCESSED, "the server closes the connection and has not processed the call", null);
            } else if (event instanceof Http2ResetFrame reset) {
                boolean isUnprocessed = reset.errorCode() == Http2Error.REFUSED_STREAM.code();
                fail(
                        isUnprocessed ? Kind.UNPROCESSED : Kind.LOST,
                        isUnprocessed ? "the server has refused the call" : "the server has reset the call",
                        null);
            }
        } finally {
            ReferenceCountUtil.release(event);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        // With TLS 1.3 a server refuses the client's certificate after the handshake has ended here.
        if (TlsFailure.isTls(failure)) {
            fail(Kind.TLS, TlsFailure.describe(failure, "this name"), failure);
            return;
        }
        boolean isTooLarge =
                failure instanceof HeaderListSizeException || failure.getCause() instanceof HeaderListSizeException;
        fail(
                isTooLarge ? Kind.HEAD_TOO_LARGE : Kind.MALFORMED,
                isTooLarge ? "the head of the answer is too large" : "the answer is not valid HTTP/2",
                failure);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        fail(Kind.LOST, "the connection ended before the answer was complete", null);
    }
}
