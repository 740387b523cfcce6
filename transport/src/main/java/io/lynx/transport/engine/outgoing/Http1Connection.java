package io.lynx.transport.engine.outgoing;

import io.lynx.transport.CallListener;
import io.lynx.transport.Connector.ConnectionListener;
import io.lynx.transport.OutgoingCall;
import io.lynx.transport.OutgoingConnection;
import io.lynx.transport.OutgoingException;
import io.lynx.transport.OutgoingException.Kind;
import io.lynx.transport.OutgoingHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A connection of HTTP/1.1, which carries one call after the other and pipelines none. A call is complete, and the connection
 * free, at the end of the turn of the event loop that has read the end of the answer: by then it is known whether the server
 * sent more than that. Its state belongs to the event loop.
 */
final class Http1Connection extends ChannelInboundHandlerAdapter implements OutgoingConnection {
    /** More interim answers than this are a flood. */
    private static final int MAX_INTERIMS = 32;

    private final Channel channel;
    private final boolean isTls;
    private final ResponseDecoder decoder;
    private final ConnectionListener listener;
    private volatile boolean isClosing;
    private @Nullable Http1Call current;
    private boolean isEndConfirmed;
    private boolean hasAnswered;
    private @Nullable ConnectionLoss loss;

    private Http1Connection(Channel channel, boolean isTls, ResponseDecoder decoder, ConnectionListener listener) {
        this.channel = channel;
        this.isTls = isTls;
        this.decoder = decoder;
        this.listener = listener;
    }

    /** Returns a connection on a channel that is connected. */
    static Http1Connection on(Channel channel, boolean isTls, int maxHeaderSize, ConnectionListener listener) {
        ResponseDecoder decoder = new ResponseDecoder(maxHeaderSize);
        Http1Connection connection = new Http1Connection(channel, isTls, decoder, listener);
        channel.pipeline().addLast(decoder, connection);
        return connection;
    }

    @Override
    public int capacity() {
        return isClosing ? 0 : 1;
    }

    @Override
    public String protocol() {
        return "HTTP/1.1";
    }

    @Override
    public OutgoingCall call(OutgoingHead head, CallListener receiver) {
        Http1Call call = new Http1Call(this, channel, head, receiver);
        if (!LoopTasks.run(channel.eventLoop(), () -> begin(call))) {
            receiver.failed(new OutgoingException(Kind.UNPROCESSED, true, "the client is closed", null));
        }
        return call;
    }

    private void begin(Http1Call call) {
        if (isClosing || current != null || !channel.isActive()) {
            call.listener.failed(ConnectionLoss.unsent(loss, hasAnswered));
            return;
        }
        current = call;
        decoder.expect(call.head.method().equals("HEAD"));
        channel.writeAndFlush(RequestBytes.of(call.head, channel.alloc()));
    }

    /** Returns whether {@code call} is in flight. */
    @SuppressWarnings("ReferenceEquality") // A call is itself only.
    boolean carries(Http1Call call) {
        return current == call;
    }

    void cancel(Http1Call call) {
        if (carries(call)) {
            fail(Kind.LOST, "the call was cancelled");
        }
    }

    @Override
    public void close() {
        isClosing = true;
        boolean _ = LoopTasks.run(channel.eventLoop(), () -> {
            if (current == null) {
                channel.close();
            }
        });
    }

    private void shut() {
        isClosing = true;
        channel.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            Http1Call call = current;
            if (call != null && message instanceof HttpObject part) {
                read(call, part);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void read(Http1Call call, HttpObject part) {
        if (call.isRead) {
            call.hasExtra = true;
        } else if (part.decoderResult().isFailure()) {
            fail(part.decoderResult().cause());
        } else {
            if (part instanceof HttpResponse response) {
                head(call, response);
            }
            if (part instanceof HttpContent content && carries(call)) {
                content(call, content);
            }
        }
    }

    private void fail(Throwable cause) {
        switch (cause) {
            case TooLongHttpHeaderException _ -> fail(Kind.HEAD_TOO_LARGE, "the head of the answer is too large");
            case PrematureChannelClosureException _ -> fail(Kind.LOST, lost());
            default -> fail(Kind.MALFORMED, "the answer is not valid HTTP/1.1");
        }
    }

    private void head(Http1Call call, HttpResponse response) {
        int status = response.status().code();
        if (status == 101 || status < 100 || status > 599) {
            fail(Kind.MALFORMED, "the status of the answer is not one that the request allows");
        } else if (status < 200) {
            call.isInterim = true;
            if (++call.interims > MAX_INTERIMS) {
                fail(Kind.MALFORMED, "the server sends interim answers without end");
            }
        } else if (!hasValidFraming(response)) {
            fail(Kind.MALFORMED, "the framing of the answer is not valid");
        } else {
            call.isInterim = false;
            hasAnswered = true;
            call.keepsConnection = HttpUtil.isKeepAlive(response);
            call.endsWithConnection = !HttpUtil.isTransferEncodingChunked(response)
                    && !response.headers().contains(HttpHeaderNames.CONTENT_LENGTH);
            call.listener.head(status, list(response.headers()));
        }
    }

    private static boolean hasValidFraming(HttpResponse response) {
        List<String> codings = response.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
        return codings.isEmpty()
                || (codings.size() == 1
                        && codings.getFirst().trim().equalsIgnoreCase("chunked")
                        && response.protocolVersion().equals(HttpVersion.HTTP_1_1));
    }

    private static List<String> list(HttpHeaders headers) {
        List<String> list = new ArrayList<>(2 * headers.size());
        for (Iterator<Map.Entry<String, String>> all = headers.iteratorAsString(); all.hasNext(); ) {
            Map.Entry<String, String> field = all.next();
            list.add(field.getKey().toLowerCase(Locale.ROOT));
            list.add(field.getValue().trim());
        }
        return list;
    }

    private void content(Http1Call call, HttpContent content) {
        ByteBuf bytes = content.content();
        if (bytes.isReadable() && !call.isInterim) {
            call.listener.received(ByteBufUtil.getBytes(bytes));
        }
        if (content instanceof LastHttpContent) {
            if (call.isInterim) {
                call.isInterim = false;
            } else {
                call.isRead = true;
            }
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        Http1Call call = current;
        if (call != null && call.isRead) {
            // TLS without its own end may have been cut off by anyone.
            boolean isCutOff = isTls && call.endsWithConnection && !channel.isActive() && !isEndConfirmed;
            if (isCutOff) {
                fail(Kind.LOST, "the connection ended without the end of TLS, so the answer may be incomplete");
            } else {
                finish(call);
            }
        }
        context.fireChannelReadComplete();
    }

    private void finish(Http1Call call) {
        current = null;
        if (isReusable(call)) {
            decoder.rest();
            channel.config().setAutoRead(true);
        } else {
            shut();
        }
        call.listener.completed();
    }

    private boolean isReusable(Http1Call call) {
        return call.isSent
                && call.keepsConnection
                && !call.hasExtra
                && !isClosing
                && channel.isActive()
                && decoder.isDrained();
    }

    private void fail(Kind kind, String message) {
        fail(kind, message, null);
    }

    private void fail(Kind kind, String message, @Nullable Throwable cause) {
        Http1Call call = current;
        current = null;
        boolean isUnanswered = !decoder.hasBytes();
        shut();
        if (call != null) {
            call.listener.failed(new OutgoingException(kind, isUnanswered, message, cause));
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslCloseCompletionEvent closed) {
            isEndConfirmed = closed.isSuccess();
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        ConnectionLoss seen = ConnectionLoss.ofHttp1(failure, lost());
        if (loss == null) {
            loss = seen;
        }
        fail(seen.kind(), seen.message(), failure);
    }

    private String lost() {
        return decoder.hasBytes()
                ? "the connection ended before the answer was complete"
                : "the connection ended without an answer";
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        fail(Kind.LOST, lost());
        listener.closed();
        context.fireChannelInactive();
    }
}
