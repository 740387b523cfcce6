package io.lynx.transport.engine;

import io.lynx.transport.ListenerObserver;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection, as the handler nearest to the socket: it sees every byte before the protocol does, and every close. It
 * enforces what the library does not: a limit for a head that arrives too slowly, idleness that does not count while a
 * request is served, and the end of a connection without the loss of a request.
 *
 * <p>How it ends. An HTTP/1.1 answer with {@code Connection: close} is followed by the end of our output. What the client
 * sends after it is read and dropped until it closes, for {@link #FAREWELL} at most: closing at once could destroy the answer
 * on its way (RFC 9112, 9.6). An unused connection is closed when nothing arrived for the linger, after the socket has been
 * read again. {@link Http2Farewell} does the same for HTTP/2.
 *
 * <p>All fields belong to the event loop, unless volatile.
 */
final class Connection extends ChannelDuplexHandler {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    private static final long FAREWELL = TimeUnit.MILLISECONDS.toNanos(1000);

    /** Streams of HTTP/2 that are served at a time; the limit holds before the client acknowledges it. */
    static final int MAX_STREAMS = 250;

    private final ListenerState state;
    private final AcceptedChannel channel;
    private final Set<VertxStream> streams = new LinkedHashSet<>(4);
    private final Http1Messages http1;
    private final Http2Farewell http2 = new Http2Farewell();
    private final FramingGate framing = new FramingGate(MAX_STREAMS);
    private final Http2TimeLimits http2Limits;
    private final AtomicLong unsent = new AtomicLong();
    private @Nullable ChannelHandlerContext context;
    private @Nullable VirtualThreadDispatcher dispatcher;
    private boolean isEstablished;
    private boolean isHttp2;
    private boolean used;
    private long quietSince;
    private boolean leaving;
    private long leaveBy;
    private volatile boolean closeAfterAnswer;

    /** How many requests there are in all, once the last has been read; -1 before. */
    private volatile int lastRequest = -1;

    Connection(ListenerState state, AcceptedChannel channel) {
        this.state = state;
        this.channel = channel;
        this.http1 = new Http1Messages(state);
        this.http2Limits = new Http2TimeLimits(framing, state.headerTimeout());
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
        } else if (!state.isTls()) {
            readClearText(context, message);
        } else if (isEstablished) {
            context.fireChannelRead(message);
        } else {
            http1.read(context, message);
        }
    }

    /** Reads what the client sent, decrypted if it was encrypted, and passes on what is valid. */
    void readClearText(ChannelHandlerContext context, Object message) {
        if (!(message instanceof ByteBuf bytes)) {
            context.fireChannelRead(message);
            return;
        }
        if (framing.isUndecided()) {
            int decisive = framing.recognize(bytes);
            pass(context, bytes.readRetainedSlice(decisive));
            if (framing.isHttp1()) {
                followHttp1();
            }
        }
        int valid = leaving ? 0 : framing.examine(bytes);
        if (framing.isExpensive()) {
            channel.readLittle();
        }
        if (framing.isOver()) {
            lastRequest = framing.requests();
        }
        if (valid == bytes.readableBytes()) {
            pass(context, bytes);
        } else {
            ByteBuf passed = bytes.readRetainedSlice(valid);
            bytes.release();
            pass(context, passed);
        }
        endIfInvalid();
    }

    private void pass(ChannelHandlerContext context, ByteBuf bytes) {
        if (!bytes.isReadable()) {
            bytes.release();
        } else if (isHttp2) {
            context.fireChannelRead(bytes);
        } else {
            http1.read(context, bytes);
        }
    }

    private void followHttp1() {
        try {
            http1.follow(channel);
        } catch (IllegalStateException unsupported) {
            LOG.error("Connection refused", unsupported);
            closeNow();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        channel.writabilityChanged();
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // A reset by the peer, mostly; the protocol closes and ends its streams.
        context.fireExceptionCaught(cause);
    }

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        boolean unread = streams.stream().anyMatch(stream -> !stream.isBodyRead()) || closeAfterAnswer;
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
        try {
            isHttp2 = Http1Messages.isHttp2(channel);
            if (state.isTls() && !isEstablished) {
                quietSince = state.now();
                http1.decrypt(channel, this);
                if (!isHttp2) {
                    http1.follow(channel);
                }
            }
        } catch (IllegalStateException unsupported) {
            LOG.error("Connection refused", unsupported);
            closeNow();
            return;
        }
        isEstablished = true;
        if (isHttp2) {
            http2Limits.begin(state.now());
            framing.servesHttp2();
            http2.begin(http);
            http1.reset();
        } else {
            framing.negotiatedHttp1();
        }
    }

    /** Ends the connection if what was read is invalid: at once, or after the answers to what was valid. */
    private void endIfInvalid() {
        Http2Framing.Violation frames = framing.http2Violation();
        if (frames != null && !leaving) {
            http2.fail(frames.code());
            leave();
        }
        Http1Framing.Violation request = framing.http1Violation();
        if (request == null || leaving || http1.streams() < framing.requests()) {
            return;
        }
        if (request.isInBody()) {
            closeAfterAnswer = true;
            List.copyOf(streams).forEach(stream -> stream.bodyFailed(request.detail()));
        } else if (streams.isEmpty()) {
            refuse(request.status(), state.observer().malformed(request.status(), request.detail()));
        }
    }

    /** A stream has begun to read its body. */
    void readsBody() {
        if (framing.http1Violation() != null) {
            channel.eventLoop().execute(this::endIfInvalid);
        }
    }

    /** Why {@code request} is not served, as an error code of HTTP/2; {@link Http2Framing#NO_ERROR} if it is. */
    int refusal(HttpServerRequest request) {
        if (!isHttp2) {
            return Http2Framing.NO_ERROR;
        }
        if (streams.size() >= MAX_STREAMS) {
            return Http2Framing.REFUSED_STREAM;
        }
        return Syntax.areValid(request) ? Http2Framing.NO_ERROR : Http2Framing.PROTOCOL_ERROR;
    }

    /** The answers that the client has not taken changed by so many bytes. Any thread. */
    void unsent(long bytes) {
        unsent.addAndGet(bytes);
        state.unsent(bytes);
    }

    /** How many bytes of answers the client has not taken. */
    long unsent() {
        return unsent.get();
    }

    /** Whether requests that are read now are served: nothing is after an answer that closes the connection. */
    boolean takesRequests() {
        return isHttp2 || !(closeAfterAnswer || leaving);
    }

    /** Whether the body of the last request cannot be read. */
    boolean isMalformed() {
        return http1.isMalformed();
    }

    void started(VertxStream stream) {
        streams.add(stream);
        used = true;
        http1.begun();
        if (isHttp2 && state.isAnnounced()) {
            http2.announce();
        }
    }

    void finished(VertxStream stream) {
        streams.remove(stream);
        if (!streams.isEmpty()) {
            return;
        }
        quietSince = state.now();
        if (framing.http1Violation() != null && !closeAfterAnswer) {
            channel.eventLoop().execute(this::endIfInvalid);
        }
        if (!isHttp2 && closeAfterAnswer) {
            leave();
        } else if (state.phase() == ListenerState.Phase.DRAINING) {
            drain();
        }
    }

    /** Runs {@code task} on a virtual thread. */
    void dispatch(Runnable task) {
        VirtualThreadDispatcher known = dispatcher;
        if (known == null) {
            known = state.dispatcher(channel.eventLoop());
            dispatcher = known;
        }
        known.dispatch(task);
    }

    /** Whether an answer that is about to be written is the last on this connection; HTTP/1.1, any thread. */
    boolean closesAfter(VertxStream stream) {
        boolean isLast = http1.streams() == lastRequest || (state.isAnnounced() && !http1.isAnyWaiting());
        if (isLast || !stream.isBodyRead()) {
            closeAfterAnswer = true;
        }
        return closeAfterAnswer;
    }

    void closeAfterAnswer() {
        closeAfterAnswer = true;
    }

    /** Closes without waiting for what is still to be written, which the library would. */
    void closeNow() {
        ChannelHandlerContext here = context;
        if (here != null) {
            here.close();
        }
    }

    /** Whether no stream is open; from other threads than the event loop an estimate. */
    boolean isIdle() {
        return streams.isEmpty() && !leaving;
    }

    /** When the last stream ended, or the connection was opened; from other threads than the event loop an estimate. */
    long idleSince() {
        return quietSince;
    }

    /** Closes the connection if it is idle, for a new one. On the event loop. */
    void giveWay() {
        if (isIdle()) {
            closeNow();
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

    /** Runs {@code task} on the event loop, once there is one; before that, {@link #channelActive} acts on the phase. */
    void onLoop(Runnable task) {
        if (channel.isRegistered()) {
            execute(task);
        }
    }

    // How it ends.

    /** The stop was announced. */
    void announce() {
        if (isHttp2 && used) {
            http2.announce();
        }
    }

    /** Ends the connection as soon as nothing can be lost by it. */
    void drain() {
        if (leaving || !channel.isActive()) {
            return;
        }
        if (isHttp2) {
            drainHttp2();
        } else if (streams.isEmpty() && !http1.isHeadPending()) {
            long left = state.linger() - (state.now() - quietSince);
            if (left > 0) {
                later(left, this::drain);
            } else if (!channel.readNow()) {
                channel.close();
            } else if (streams.isEmpty()) {
                // A part of a TLS record, or of a head, which has its own limit.
                quietSince = state.now();
                later(Math.max(state.linger(), state.checkInterval()), this::drain);
            }
        }
    }

    private void drainHttp2() {
        http2.announce();
        if (http2.isLastStreamNamed()) {
            if (streams.isEmpty()) {
                leave();
            }
        } else if (http2.ping(state.now(), this::nameLastStream)) {
            later(FAREWELL, this::nameLastStream);
        }
    }

    private void nameLastStream() {
        if (channel.isActive() && http2.nameLastStream()) {
            drain();
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
        for (VertxStream stream : List.copyOf(streams)) {
            stream.cutOff();
        }
        closeNow();
    }

    /** Enforces the time limits. */
    void check(long now) {
        if (leaving) {
            if (now - leaveBy > 0) {
                closeNow();
            }
        } else if (isHttp2 && isLate(now)) {
            leave();
        } else if (!streams.isEmpty()) {
            for (VertxStream stream : new ArrayList<>(streams)) {
                stream.check(now);
            }
        } else if (http1.isHeadPending()) {
            if (now - http1.headSince() > state.headerTimeout()) {
                refuseSlowHead();
            }
        } else if (now - quietSince > state.idleTimeout()) {
            channel.close();
        }
    }

    /** Whether the client of an HTTP/2 connection exceeds a time limit of its frames; then it receives the error. */
    private boolean isLate(long now) {
        int code = http2Limits.exceeded(now);
        if (code != Http2Framing.NO_ERROR) {
            http2.fail(code);
        }
        return code != Http2Framing.NO_ERROR;
    }

    private void refuseSlowHead() {
        if (Http1Messages.isHttp1(channel)) {
            refuse(408, state.observer().headTimedOut(state.now() - http1.headSince()));
        } else {
            state.observer().handshakeTimedOut();
            channel.close();
        }
    }

    /** Answers a request of HTTP/1.1 that has no stream, and ends the connection. */
    private void refuse(int status, ListenerObserver.Refusal refusal) {
        ChannelHandlerContext here = context;
        if (here == null) {
            return;
        }
        if (RawAnswer.write(here, status, state.date().now(), refusal)) {
            leave();
        } else {
            channel.close();
        }
    }

    private void later(long nanos, Runnable task) {
        state.timer().after(nanos, channel.eventLoop(), task);
    }
}
