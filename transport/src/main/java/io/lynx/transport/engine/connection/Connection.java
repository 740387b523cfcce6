package io.lynx.transport.engine.connection;

import io.lynx.time.Deadline;
import io.lynx.transport.BodyListener;
import io.lynx.transport.engine.framing.FramingGate;
import io.lynx.transport.engine.turn.TurnWrites;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.vertx.core.http.HttpConnection;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One connection, as the handler nearest to the socket: it sees every byte before the protocol does, and every close.
 * {@link ClearTextReader} reads, {@link ConnectionLimits} bounds and {@link ConnectionEnd} ends it. What does not say otherwise
 * belongs to the event loop.
 */
public final class Connection extends ChannelDuplexHandler {
    /** Streams of HTTP/2 that are served at a time; the limit holds before the client acknowledges it. */
    public static final int MAX_STREAMS = 250;

    private final ListenerState state;
    private final AcceptedChannel channel;
    private final Http1Messages http1;
    private final FramingGate framing = new FramingGate(MAX_STREAMS);
    private final ConnectionLimits limits;
    private final HalfClosedPeer peer;
    private final PipelineVerdict verdict;
    private final ConnectionEnd end;
    private final ClearTextReader reader;
    private final EncryptedReader encrypted;
    private final OpenStreams streams;
    private final AtomicLong unsent = new AtomicLong();
    /** Whether it is being closed because too much waits for its client. */
    private volatile boolean isOverfull;

    private final @Nullable ProxyGate proxy;
    private @Nullable TurnWrites turn;
    private @Nullable ChannelHandlerContext context;
    private @Nullable ChannelHandlerContext plain;
    private @Nullable VirtualThreadDispatcher dispatcher;

    /** Whether what is read is content that TLS protects. */
    private boolean isProtected;

    /** Whether it is about to be closed for a new connection. */
    private volatile boolean isGivingWay;

    /** Runs when it has ended; null once it has run. */
    private @Nullable Runnable onEnd;

    /** Whether {@link #channelInactive} is going to follow. */
    private boolean isActive;

    private boolean isEstablished;
    private boolean isHttp2;

    /**
     * Creates the handler of a connection that has no pipeline yet.
     *
     * @param check receives whether the pipeline is supported; null if the connection is a client's
     */
    Connection(ListenerState state, AcceptedChannel channel, @Nullable CompletableFuture<Boolean> check) {
        this.state = state;
        this.channel = channel;
        this.http1 = new Http1Messages(state);
        this.verdict = new PipelineVerdict(this, state, check);
        this.limits = new ConnectionLimits(this, state, channel, http1, framing);
        this.end = new ConnectionEnd(this, state, channel, http1);
        this.reader = new ClearTextReader(this, channel, http1, framing, end, limits, verdict);
        this.encrypted = new EncryptedReader(this, reader, limits);
        this.peer = new HalfClosedPeer(this, channel, reader, framing);
        this.streams = new OpenStreams(this, state, http1, reader);
        this.proxy = state.config().proxyProtocol() && check == null ? new ProxyGate(this, state) : null;
        channel.halfClosure(peer::isAnswered);
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

    /** Runs {@code action} once when the socket is closed and its streams have ended, or have entered the unfinished ones. */
    void onEnd(Runnable action) {
        onEnd = action;
        channel.closeFuture().addListener(_ -> {
            if (!isActive || streams.isEmpty()) {
                ended(); // At once, so that its place is free for the next one.
            }
        });
    }

    private void ended() {
        Runnable action = onEnd;
        onEnd = null;
        if (action != null) {
            action.run();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        isActive = true;
        sweeper().add(this);
        context.fireChannelActive();
        switch (state.phase()) {
            case SERVING, ANNOUNCED -> {}
            case DRAINING -> end.drain();
            case CLOSED -> context.close();
        }
        if (state.isTls()) {
            verdict.onTls(channel);
            Http1Messages.addClearText(channel, this, encrypted);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        try {
            context.fireChannelInactive();
            reader.closed();
            sweeper().remove(this);
        } finally {
            ended();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (proxy != null && !proxy.passes(message)) {
            return;
        }
        if (!state.isTls() || end.isLeaving()) {
            reader.read(context, message);
        } else if (isProtected) {
            encrypted.read(context, message);
        } else {
            if (message instanceof ByteBuf bytes) {
                encrypted.follow(bytes);
            }
            state.handshakes(channel.eventLoop()).add(this, channel, message);
        }
    }

    /** The PROXY protocol on this connection; null if the listener does not expect it. */
    @Nullable
    ProxyGate proxy() {
        return proxy;
    }

    /** It is the turn of a message of the TLS handshake. */
    void handshakeRead(Object message) {
        ChannelHandlerContext here = Objects.requireNonNull(context, "pipeline");
        http1.read(here, message);
        here.fireChannelReadComplete();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        // The library would take it for the end of the connection, which follows the answers.
        if (event instanceof ChannelInputShutdownEvent) {
            peer.finished();
        } else if (!(event instanceof ChannelInputShutdownReadComplete)) {
            context.fireUserEventTriggered(event);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        channel.writabilityChanged();
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (isEstablished) {
            context.fireExceptionCaught(cause);
        } else {
            // A reset before the first request, which the library would log as an error.
            context.close();
        }
    }

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        boolean unread = !streams.areBodiesRead() || end.closesAfterAnswer();
        if (unread && context.channel().isActive() && !end.isLeaving() && state.phase() != ListenerState.Phase.CLOSED) {
            end.leave();
            context.channel().closeFuture().addListener(_ -> promise.trySuccess());
        } else {
            context.close(promise);
        }
    }

    /**
     * The TLS handshake is done. The library tells of HTTP/2 only when it has read the first frames, which must not pass unexamined.
     *
     * @param protocol what was negotiated; null if nothing was
     */
    void handshakeDone(@Nullable String protocol) {
        if ("h2".equals(protocol)) {
            plain = Http1Messages.clearText(channel);
            isProtected = true;
            framing.servesHttp2();
        }
    }

    /** The protocol is known. */
    public void established(HttpConnection http) {
        try {
            isHttp2 = Http1Messages.isHttp2(channel);
            if (state.isTls() && !isEstablished) {
                streams.quiet();
                plain = Http1Messages.clearText(channel);
                http1.reset();
                if (!isHttp2) {
                    http1.follow(channel);
                }
            }
        } catch (IllegalStateException unsupported) {
            verdict.unsupported(unsupported);
            return;
        }
        isEstablished = true;
        isProtected = true;
        if (isHttp2) {
            limits.beginHttp2();
            Http2MethodCheck.addTo(channel);
            reader.servesHttp2(ClosedStreams.report(channel, framing));
            framing.servesHttp2();
            end.beginHttp2(http);
            http1.reset();
            turn = TurnWrites.addBehind(Objects.requireNonNull(plain, "pipeline"));
        } else {
            framing.negotiatedHttp1();
        }
    }

    boolean isHttp2() {
        return isHttp2;
    }

    /** A stream has begun to read its body. */
    void readsBody() {
        reader.endIfInvalidLater();
    }

    /** Whether the client takes so many bytes of a stream of HTTP/2 at once. On the event loop. */
    boolean takes(int stream, int bytes) {
        return SendWindow.takes(channel, stream, bytes, unsent.get());
    }

    /** The answers that the client has not taken changed by so many bytes. Any thread. */
    void unsent(long bytes) {
        unsent.addAndGet(bytes);
        state.unsent(bytes);
    }

    /**
     * Counts an answer, or a piece of one, that is to wait for the client. Any thread.
     *
     * @return whether it may wait; if not, the connection is being closed
     */
    boolean keep(int bytes) {
        unsent(bytes);
        if (!isOverfull && !state.isOverfull(unsent.get())) {
            return true;
        }
        unsent(-bytes);
        if (!isOverfull) {
            isOverfull = true;
            execute(this::closeNow);
        }
        return false;
    }

    /** How many bytes of answers the client has not taken. */
    long unsent() {
        return unsent.get();
    }

    /** Whether its socket is open. */
    public boolean isOpen() {
        return channel.isOpen();
    }

    /** Whether requests that are read now are served: nothing is after an answer that closes the connection. */
    public boolean takesRequests() {
        return isHttp2 || !(end.closesAfterAnswer() || end.isLeaving());
    }

    /** Whether the body of the last request cannot be read. */
    boolean isMalformed() {
        return http1.isMalformed();
    }

    /** The streams that are open. */
    public OpenStreams streams() {
        return streams;
    }

    /** What is read and written from now on belongs to another protocol, as {@code confirmation} tells the client. */
    RawBytes switchTo(byte[] confirmation, BodyListener incoming) {
        return reader.switchTo(Objects.requireNonNull(plain, "pipeline"), confirmation, incoming);
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

    /** How this connection ends. */
    ConnectionEnd end() {
        return end;
    }

    /** Where clear text is written, above TLS if there is any; null before there is a pipeline. */
    @Nullable
    ChannelHandlerContext plain() {
        return plain;
    }

    /** Whether the client has finished sending and is known to have gone. */
    boolean isClientGone() {
        return peer.isGone();
    }

    /** Sends what the protocol has flushed, before something is written or closed past it. */
    void sendNow() {
        TurnWrites waiting = turn;
        if (waiting != null) {
            waiting.sendNow();
        }
    }

    /** Closes without waiting for what is still to be written, which the library would. */
    void closeNow() {
        ChannelHandlerContext here = context;
        if (here != null) {
            sendNow();
            here.close();
        }
    }

    /**
     * Runs {@code task} on the event loop when the streams of a connection that was closed before this call have ended; at once if
     * the event loop has ended itself.
     */
    void afterClose(Runnable task) {
        EventLoop loop = channel.eventLoop();
        try {
            // A close that interrupts a write queues the task that ends the streams only in the next turn.
            loop.execute(() -> loop.execute(task));
        } catch (RejectedExecutionException ended) {
            task.run();
        }
    }

    /** Whether no stream is open; from other threads than the event loop an estimate. */
    boolean isIdle() {
        return streams.isEmpty() && !end.isLeaving();
    }

    /** Whether it may be closed for a new connection; not if another one has asked for that already. */
    boolean isReplaceable() {
        return isIdle() && !isGivingWay;
    }

    /** Closes the connection if it is still idle, for a new one. */
    void giveWay() {
        isGivingWay = true;
        execute(() -> {
            if (isIdle()) {
                closeNow();
            } else {
                isGivingWay = false;
            }
        });
    }

    boolean isServedBy(EventLoop loop) {
        return channel.eventLoop().equals(loop);
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
    public void onLoop(Runnable task) {
        if (channel.isRegistered()) {
            execute(task);
        }
    }

    /** The stop was announced. */
    public void announce() {
        if (isHttp2 && streams.haveBegun()) {
            end.announceHttp2();
        }
    }

    /** Ends the connection as soon as nothing can be lost by it; long-lived streams may go on until {@code goodbye}. */
    public void drain(Deadline goodbye) {
        streams.forEach(stream -> stream.drainBegan(goodbye));
        end.drain();
    }

    /** Cuts what is left. */
    public void cut() {
        streams.forEach(VertxStream::cutOff);
        closeNow();
    }

    /** Enforces the time limits of its event loop's connections. */
    TimeoutSweeper sweeper() {
        return state.sweeper(channel.eventLoop());
    }

    /** Enforces the time limits. */
    void check(long now) {
        limits.check(now);
    }
}
