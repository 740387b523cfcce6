package io.lynx.transport.engine;

import io.lynx.time.Deadline;
import io.lynx.transport.BodyListener;
import io.lynx.transport.ListenerObserver;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection, as the handler nearest to the socket: it sees every byte before the protocol does, and every close. It
 * enforces what the library does not: a limit for a head that arrives too slowly, and idleness that does not count while a
 * request is served. {@link ClearTextReader} reads, {@link ConnectionEnd} ends it. What does not say otherwise belongs to the
 * event loop.
 */
final class Connection extends ChannelDuplexHandler {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    /** Streams of HTTP/2 that are served at a time; the limit holds before the client acknowledges it. */
    static final int MAX_STREAMS = 250;

    private final ListenerState state;
    private final AcceptedChannel channel;
    private final Set<VertxStream> streams = ConcurrentHashMap.newKeySet(4);
    private final Http1Messages http1;
    private final FramingGate framing = new FramingGate(MAX_STREAMS);
    private final Http2TimeLimits http2Limits;
    private final ConnectionEnd end;
    private final ClearTextReader reader;
    private final AtomicLong unsent = new AtomicLong();
    private final @Nullable CompletableFuture<Boolean> check;
    private @Nullable ChannelHandlerContext context;
    private @Nullable ChannelHandlerContext plain;
    private @Nullable VirtualThreadDispatcher dispatcher;
    private boolean isEstablished;
    private boolean isHttp2;
    private boolean used;
    private long quietSince;

    /**
     * Creates the handler of a connection that has no pipeline yet.
     *
     * @param check receives whether the pipeline is supported; null if the connection is a client's
     */
    Connection(ListenerState state, AcceptedChannel channel, @Nullable CompletableFuture<Boolean> check) {
        this.check = check;
        this.state = state;
        this.channel = channel;
        this.http1 = new Http1Messages(state);
        this.http2Limits = new Http2TimeLimits(framing, state.headerTimeout());
        this.end = new ConnectionEnd(this, state, channel, http1);
        this.reader = new ClearTextReader(this, channel, http1, framing, end);
        this.quietSince = state.now();
        channel.halfClosure(this::answersHalfClosed);
    }

    // What happens to the socket.

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        this.context = context;
        this.plain = context;
    }

    /** The handler nearest to the socket; null before there is a pipeline. */
    @Nullable
    ChannelHandlerContext context() {
        return context;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        state.sweeper(channel.eventLoop()).add(this);
        context.fireChannelActive();
        switch (state.phase()) {
            case SERVING, ANNOUNCED -> {}
            case DRAINING -> end.drain();
            case CLOSED -> context.close();
        }
        if (check != null && state.isTls()) {
            try {
                state.built(channel.pipeline());
                Http1Messages.requireTls(channel);
                isSupported();
            } catch (IllegalStateException unsupported) {
                isUnsupported(unsupported);
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        context.fireChannelInactive();
        state.sweeper(channel.eventLoop()).remove(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!state.isTls() || end.isLeaving()) {
            reader.read(context, message);
        } else if (isEstablished) {
            context.fireChannelRead(message);
        } else {
            http1.read(context, message);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        // The library would take it for the end of the connection, which follows the answers.
        if (event instanceof ChannelInputShutdownEvent) {
            peerFinished();
        } else if (!(event instanceof ChannelInputShutdownReadComplete)) {
            context.fireUserEventTriggered(event);
        }
    }

    /**
     * Whether a client that has finished sending may still wait for answers: every request was read whole. Otherwise the
     * connection ends with what the client sent.
     */
    private boolean answersHalfClosed() {
        return end.isInputEnded()
                || (!isHttp2
                        && !end.isLeaving()
                        && !streams.isEmpty()
                        && streams.stream().allMatch(VertxStream::isBodyRead));
    }

    private void peerFinished() {
        end.inputEnded(framing.requests());
        channel.probeClient();
        RawBytes switched = reader.switched();
        if (switched != null) {
            switched.completed();
        }
        streams.forEach(VertxStream::peerFinished);
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
        boolean unread = streams.stream().anyMatch(stream -> !stream.isBodyRead()) || end.closesAfterAnswer();
        if (unread && context.channel().isActive() && !end.isLeaving() && state.phase() != ListenerState.Phase.CLOSED) {
            end.leave();
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
                plain = http1.decrypt(channel, reader);
                if (!isHttp2) {
                    http1.follow(channel);
                }
            }
        } catch (IllegalStateException unsupported) {
            isUnsupported(unsupported);
            return;
        }
        isEstablished = true;
        if (isHttp2) {
            http2Limits.begin(state.now());
            framing.servesHttp2();
            end.beginHttp2(http);
            http1.reset();
        } else {
            framing.negotiatedHttp1();
        }
    }

    /** The library's pipeline is one that this class knows. */
    void isSupported() {
        if (check != null) {
            check.complete(true);
        }
    }

    /** The library's pipeline is not known; the connection could not be drained. */
    void isUnsupported(IllegalStateException unsupported) {
        if (check != null) {
            check.completeExceptionally(unsupported);
        } else if (state.mayLogUnsupported()) {
            LOG.error("Connection refused; further ones are not logged within a minute", unsupported);
        }
        closeNow();
    }

    boolean isHttp2() {
        return isHttp2;
    }

    /** A stream has begun to read its body. */
    void readsBody() {
        reader.endIfInvalidLater();
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
        return isHttp2 || !(end.closesAfterAnswer() || end.isLeaving());
    }

    /** Whether the body of the last request cannot be read. */
    boolean isMalformed() {
        return http1.isMalformed();
    }

    /** The streams that are open; a live view that any thread may read. */
    Set<VertxStream> streams() {
        return streams;
    }

    void started(VertxStream stream) {
        streams.add(stream);
        used = true;
        http1.begun();
        if (isHttp2 && state.isAnnounced()) {
            end.announceHttp2();
        }
    }

    void finished(VertxStream stream) {
        streams.remove(stream);
        if (!streams.isEmpty()) {
            return;
        }
        quietSince = state.now();
        if (!end.closesAfterAnswer()) {
            reader.endIfInvalidLater();
        }
        end.idle();
    }

    /** A stream has become long-lived: it receives a drain that has begun. */
    void longLived(VertxStream stream) {
        state.drain().begin(stream);
    }

    /** What is read and written from now on belongs to another protocol, as {@code confirmation} tells the client. */
    RawBytes switchTo(byte[] confirmation, BodyListener incoming) {
        ChannelHandlerContext here = plain;
        if (here == null || !reader.isAllRead()) {
            throw new IllegalStateException(
                    "upgrade: the client has sent more behind the request; it must wait for" + " the switch");
        }
        RawBytes bytes = new RawBytes(this, here, incoming);
        bytes.confirm(confirmation);
        end.closeAfterAnswer();
        reader.switchTo(bytes);
        return bytes;
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
        return end.closesAfter(stream);
    }

    /** The answer that is being written is the last; any thread. */
    void closeAfterAnswer() {
        end.closeAfterAnswer();
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
        return streams.isEmpty() && !end.isLeaving();
    }

    /** When the last stream ended, or the connection was opened; from other threads than the event loop an estimate. */
    long idleSince() {
        return quietSince;
    }

    /** Begins the idle time anew. */
    void quiet() {
        quietSince = state.now();
    }

    /** Closes the connection if it is idle, for a new one. */
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
            end.announceHttp2();
        }
    }

    /** Ends the connection as soon as nothing can be lost by it; long-lived streams may go on until {@code goodbye}. */
    void drain(Deadline goodbye) {
        streams.forEach(stream -> stream.drainBegan(goodbye));
        end.drain();
    }

    /** Cuts what is left. */
    void cut() {
        List.copyOf(streams).forEach(VertxStream::cutOff);
        closeNow();
    }

    /** Enforces the time limits. */
    void check(long now) {
        if (end.check(now)) {
            return;
        }
        int late = isHttp2 ? http2Limits.exceeded(now) : Http2Framing.NO_ERROR;
        if (late != Http2Framing.NO_ERROR) {
            end.failHttp2(late);
        } else if (!streams.isEmpty()) {
            if (end.isInputEnded() && channel.isBroken()) {
                closeNow();
            } else {
                List.copyOf(streams).forEach(stream -> stream.check(now));
            }
        } else if (http1.isHeadPending()) {
            if (now - http1.headSince() > state.headerTimeout()) {
                refuseSlowHead();
            }
        } else if (now - quietSince > state.idleTimeout()) {
            channel.close();
        }
    }

    private void refuseSlowHead() {
        if (Http1Messages.isHttp1(channel)) {
            refuse(408, state.observer().headTimedOut(state.now() - http1.headSince()));
        } else {
            state.observer().handshakeTimedOut();
            channel.close();
        }
    }

    /** Answers a request whose framing is invalid, and ends the connection. */
    void refuseMalformed(int status, String detail) {
        refuse(status, state.observer().malformed(status, detail));
    }

    private void refuse(int status, ListenerObserver.Refusal refusal) {
        ChannelHandlerContext here = plain;
        if (here != null) {
            here.writeAndFlush(RawAnswer.refusing(status, state.date().now(), refusal));
            end.leave();
        }
    }
}
