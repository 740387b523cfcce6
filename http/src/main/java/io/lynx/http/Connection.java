package io.lynx.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection, as the handler nearest to the socket: it sees every byte before the protocol does, and every close.
 * What it looks after is what a protocol library does not: a head that comes too slowly, idleness that does not count
 * while a request is served, and the end of a connection without the loss of a request.
 *
 * <p>How it ends. An HTTP/1.1 answer that says {@code Connection: close} is followed by the end of our output; what the
 * client sent after it is read and dropped until it closes, for {@link #FAREWELL} at most: closing at once could destroy
 * the answer under way (RFC 9112, 9.6). An unused connection is closed when nothing came for the linger, after one more look
 * at the socket. HTTP/2 gets {@code GOAWAY} with 2³¹−1; the client's answer to a {@code PING} behind it proves that it
 * knows, and then the real last stream is named (RFC 9113, 6.8).
 *
 * <p>All fields belong to the event loop, unless volatile.
 */
final class Connection extends ChannelDuplexHandler {
    private static final long FAREWELL = TimeUnit.MILLISECONDS.toNanos(1000);
    private static final int LAST_STREAM = Integer.MAX_VALUE;

    private final ListenerState state;
    private final AcceptedChannel channel;
    private final Set<Exchange> exchanges = new LinkedHashSet<>(4);
    private @Nullable ChannelHandlerContext context;
    private @Nullable HttpConnection http;
    private @Nullable HandOff handOff;
    private boolean isHttp2;
    private boolean used;
    private long quietSince;
    private long headSince;
    private boolean headPending;
    private boolean inMessage;
    private boolean malformed;
    private int messages;
    private boolean goAwaySent;
    private boolean pinged;
    private boolean lastStreamNamed;
    private boolean leaving;
    private long leaveBy;
    private int heads;
    private int begun;
    private volatile int waiting;
    private volatile boolean closeAfterAnswer;

    Connection(ListenerState state, AcceptedChannel channel) {
        this.state = state;
        this.channel = channel;
        this.quietSince = state.now();
    }

    // What happens to the socket.

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        this.context = context;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        state.sweeper(channel.eventLoop()).add(this);
        context.fireChannelActive();
        switch (state.phase()) {
            case SERVING, ANNOUNCED -> {}
            case DRAINING -> drain();
            case CLOSED -> context.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        context.fireChannelInactive();
        state.sweeper(channel.eventLoop()).remove(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (leaving) {
            ReferenceCountUtil.release(message);
            return;
        }
        int before = messages;
        boolean between = !inMessage;
        context.fireChannelRead(message);
        if (between && before == messages && !inMessage && !headPending && !isHttp2) {
            headPending = true;
            headSince = state.now();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // A reset by the peer, mostly; the protocol closes and tells the exchanges.
        context.fireExceptionCaught(cause);
    }

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        boolean unread = exchanges.stream().anyMatch(exchange -> !exchange.isBodyComplete()) || closeAfterAnswer;
        if (unread && context.channel().isActive() && !leaving && state.phase() != ListenerState.Phase.CLOSED) {
            leave();
            context.channel().closeFuture().addListener(_ -> promise.trySuccess());
        } else {
            context.close(promise);
        }
    }

    // What happens to the protocol.

    /** The protocol is known. */
    void established(HttpConnection http) {
        this.http = http;
        ChannelPipeline pipeline = channel.pipeline();
        isHttp2 = pipeline.get("httpDecoder") == null
                || pipeline.get(io.netty.handler.codec.http2.Http2ConnectionHandler.class) != null;
        if (isHttp2) {
            headPending = false;
        } else {
            pipeline.addAfter("httpDecoder", "heads", new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext context, Object message) {
                    if (message instanceof HttpRequest head) {
                        refuseUnknownVersion(head);
                        heads++;
                        messages++;
                        inMessage = true;
                        headPending = false;
                        waiting = heads - begun;
                    }
                    if (message instanceof HttpContent content
                            && content.decoderResult().isFailure()) {
                        malformed = true;
                    }
                    if (message instanceof LastHttpContent) {
                        inMessage = false;
                    }
                    context.fireChannelRead(message);
                }
            });
            // The first head may be beyond the decoder by now.
            pipeline.addBefore("handler", "first head", new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext context, Object message) {
                    if (message instanceof HttpRequest head) {
                        refuseUnknownVersion(head);
                    }
                    context.fireChannelRead(message);
                    context.pipeline().remove(this);
                }
            });
        }
    }

    /** The protocol library would answer by itself, and nobody would know of the request. */
    private static void refuseUnknownVersion(HttpRequest head) {
        HttpVersion version = head.protocolVersion();
        if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0)) {
            head.setDecoderResult(DecoderResult.failure(new HttpException(501, "only HTTP/1.0, 1.1 and 2 are spoken")));
        }
    }

    /** Whether the body of the last request cannot be read, which ends the connection. */
    boolean isMalformed() {
        return malformed;
    }

    void started(Exchange exchange) {
        exchanges.add(exchange);
        used = true;
        headPending = false;
        messages++;
        begun++;
        heads = Math.max(heads, begun);
        waiting = heads - begun;
        if (isHttp2 && state.isAnnounced()) {
            sendGoAway();
        }
    }

    void finished(Exchange exchange) {
        exchanges.remove(exchange);
        if (!exchanges.isEmpty()) {
            return;
        }
        quietSince = state.now();
        if (!isHttp2 && closeAfterAnswer) {
            leave();
        } else if (state.phase() == ListenerState.Phase.DRAINING) {
            drain();
        }
    }

    /** Has {@code exchange} run on a virtual thread. */
    void handOff(Exchange exchange) {
        HandOff known = handOff;
        if (known == null) {
            known = state.handOff(channel.eventLoop());
            handOff = known;
        }
        known.add(exchange);
    }

    /** Whether an answer that is about to be written is the last on this connection; HTTP/1.1, any thread. */
    boolean closesAfter(Exchange exchange) {
        if (!exchange.isBodyComplete() || (state.isAnnounced() && waiting == 0)) {
            closeAfterAnswer = true;
        }
        return closeAfterAnswer;
    }

    void closeAfterAnswer() {
        closeAfterAnswer = true;
    }

    /** Ends one answer in the middle: the stream, or with HTTP/1.1 the connection. */
    void cut(HttpServerResponse answer) {
        if (isHttp2) {
            answer.reset(2);
        } else {
            closeNow();
        }
    }

    /** Closes without waiting for what is still to be written, which the engine would. */
    private void closeNow() {
        ChannelHandlerContext here = context;
        if (here != null) {
            here.close();
        }
    }

    /** Runs {@code task} on the event loop. */
    void execute(Runnable task) {
        if (channel.eventLoop().inEventLoop()) {
            task.run();
        } else {
            channel.eventLoop().execute(task);
        }
    }

    /** Runs {@code task} on the event loop, once there is one: before that {@link #channelActive} looks at the phase. */
    void onLoop(Runnable task) {
        if (channel.isRegistered()) {
            execute(task);
        }
    }

    // How it ends.

    /** The stop was announced. */
    void announce() {
        if (isHttp2 && used) {
            sendGoAway();
        }
    }

    /** Ends the connection as soon as nothing can be lost by it. */
    void drain() {
        if (leaving || !channel.isActive()) {
            return;
        }
        if (isHttp2) {
            drainHttp2();
        } else if (exchanges.isEmpty() && !headPending) {
            long left = ListenerState.nanos(state.config().linger()) - (state.now() - quietSince);
            if (left > 0) {
                later(left, this::drain);
            } else if (!channel.readNow()) {
                channel.close();
            }
        }
    }

    private void drainHttp2() {
        sendGoAway();
        if (lastStreamNamed) {
            if (exchanges.isEmpty()) {
                leave();
            }
            return;
        }
        HttpConnection connection = http;
        if (connection != null && !pinged) {
            pinged = true;
            connection.ping(Buffer.buffer(8).appendLong(state.now())).onComplete(_ -> nameLastStream());
            later(FAREWELL, this::nameLastStream);
        }
    }

    private void nameLastStream() {
        HttpConnection connection = http;
        if (lastStreamNamed || connection == null || !channel.isActive()) {
            return;
        }
        lastStreamNamed = true;
        connection.goAway(0);
        drain();
    }

    private void sendGoAway() {
        HttpConnection connection = http;
        if (!goAwaySent && connection != null) {
            goAwaySent = true;
            connection.goAway(0, LAST_STREAM);
        }
    }

    /** Ends our output, and reads on until the client closes. */
    private void leave() {
        ChannelHandlerContext here = context;
        if (leaving || here == null || !channel.isActive()) {
            return;
        }
        leaving = true;
        leaveBy = state.now() + FAREWELL;
        channel.config().setAutoRead(true);
        here.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> {
            SslHandler tls = channel.pipeline().get(SslHandler.class);
            if (tls == null) {
                channel.shutdownOutput();
            } else {
                tls.closeOutbound().addListener(_ -> channel.shutdownOutput());
            }
        });
        later(FAREWELL, () -> here.close());
    }

    /** Cuts what is left. */
    void cut() {
        for (Exchange exchange : List.copyOf(exchanges)) {
            exchange.cutOff();
        }
        closeNow();
    }

    /** Looks after the time limits. */
    void check(long now) {
        if (leaving) {
            if (now - leaveBy > 0) {
                closeNow();
            }
            return;
        }
        if (!exchanges.isEmpty()) {
            for (Exchange exchange : new ArrayList<>(exchanges)) {
                exchange.check(now);
            }
        } else if (headPending) {
            if (now - headSince > ListenerState.nanos(state.config().headerTimeout())) {
                state.timedOut(TimeLimit.HEAD);
                refuseSlowHead();
            }
        } else if (now - quietSince > ListenerState.nanos(state.config().idleTimeout())) {
            channel.close();
        }
    }

    private void refuseSlowHead() {
        ChannelHandlerContext here = context;
        boolean isHttp1 = channel.pipeline().get("httpDecoder") != null;
        if (here == null || !isHttp1) {
            channel.close();
            return;
        }
        HttpException problem = new HttpException(408, "the head of the request came too slowly");
        byte[] body = Problem.json(problem, state.requestId(state.nextNumber()));
        String head = "HTTP/1.1 408 Request Timeout\r\ncontent-type: " + Problem.TYPE + "\r\ncontent-length: "
                + body.length + "\r\nconnection: close\r\n\r\n";
        ByteBuf answer = Unpooled.wrappedBuffer(head.getBytes(StandardCharsets.US_ASCII), body);
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        ChannelHandlerContext secure = tls == null ? null : channel.pipeline().context(tls);
        if (tls != null && secure != null) {
            try {
                tls.write(secure, answer, secure.newPromise());
                tls.flush(secure);
            } catch (Exception e) {
                channel.close();
                return;
            }
        } else {
            here.writeAndFlush(answer);
        }
        long took = state.now() - headSince;
        state.recorder().ended(null, "", 408, took, took, 0, body.length, null);
        leave();
    }

    private void later(long nanos, Runnable task) {
        channel.eventLoop().schedule(task, nanos, TimeUnit.NANOSECONDS);
    }
}
