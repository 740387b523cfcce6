package io.lynx.transport.engine;

import io.lynx.transport.BodyListener;
import io.lynx.transport.Head;
import io.lynx.transport.HeadDefect;
import io.lynx.transport.Protocol;
import io.lynx.transport.Stream;
import io.lynx.transport.StreamEnd;
import io.lynx.transport.StreamListener;
import io.netty.buffer.Unpooled;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One request of the library as a stream. It counts as in flight while its answer or its work goes on: both are bits of
 * {@link #open}, and whichever ends last ends the count.
 */
final class VertxStream implements Stream, Head {
    private static final int ANSWER = 1;
    private static final int WORK = 2;
    private static final int NO_ERROR = 0;
    private static final int INTERNAL_ERROR = 2;
    private static final VarHandle OPEN;

    static {
        try {
            OPEN = MethodHandles.lookup().findVarHandle(VertxStream.class, "open", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final ListenerState state;
    private final Connection connection;
    private final HttpServerRequest source;
    private final HttpServerResponse target;
    private final @Nullable HeadDefect defect;
    private final Protocol protocol;

    private StreamListener listener = Unheard.INSTANCE;
    private @Nullable BodyListener body;
    private boolean ended;
    private volatile boolean bodyRead;
    private volatile boolean complete;

    @SuppressWarnings("UnusedVariable") // By OPEN.
    private volatile int open = ANSWER | WORK;

    /** Stands in until the protocol listens. */
    private enum Unheard implements StreamListener {
        INSTANCE;

        @Override
        public void ended(StreamEnd end) {}

        @Override
        public void check(long now) {}

        @Override
        public void interrupt() {}
    }

    VertxStream(ListenerState state, Connection connection, HttpServerRequest source, @Nullable HeadDefect defect) {
        this.state = state;
        this.connection = connection;
        this.source = source;
        this.target = source.response();
        this.defect = defect;
        this.protocol = protocol(source.version());
        this.bodyRead = defect == null && !announcesBody();
    }

    private static Protocol protocol(@Nullable HttpVersion version) {
        return switch (version) {
            case HTTP_1_0 -> Protocol.HTTP_1_0;
            case HTTP_2 -> Protocol.HTTP_2;
            case HTTP_1_1 -> Protocol.HTTP_1_1;
            case null -> Protocol.HTTP_1_1;
        };
    }

    /** The head has been read. On the event loop, like all that does not say otherwise. */
    void start() {
        state.inFlight().begin();
        connection.started(this);
        target.closeHandler(_ -> closed());
        if (defect != null) {
            connection.closeAfterAnswer();
        }
        state.handle(this);
    }

    // Head.

    @Override
    public Head head() {
        return this;
    }

    @Override
    public String method() {
        return source.method().name();
    }

    @Override
    public String target() {
        String uri = source.uri();
        return uri == null ? "" : uri;
    }

    @Override
    public Protocol protocol() {
        return protocol;
    }

    @Override
    public @Nullable String header(String name) {
        return source.headers().get(name);
    }

    @Override
    public List<String> headers(String name) {
        return source.headers().getAll(name);
    }

    @Override
    public boolean hasHeader(String name) {
        return source.headers().contains(name);
    }

    @Override
    public void forEachHeader(BiConsumer<String, String> consumer) {
        for (Map.Entry<String, String> header : source.headers()) {
            consumer.accept(header.getKey(), header.getValue());
        }
    }

    @Override
    public @Nullable String authority() {
        HostAndPort authority = protocol == Protocol.HTTP_2 ? source.authority() : null;
        return authority == null ? null : authority.toString();
    }

    @Override
    public boolean isSecure() {
        return source.isSSL();
    }

    @Override
    public @Nullable HeadDefect defect() {
        return defect;
    }

    // Stream.

    @Override
    public InetSocketAddress peer() {
        return unresolved(source.remoteAddress());
    }

    @Override
    public InetSocketAddress local() {
        return unresolved(source.localAddress());
    }

    @Override
    public Object connection() {
        return connection;
    }

    private static InetSocketAddress unresolved(@Nullable SocketAddress address) {
        String host = address == null ? null : address.hostAddress();
        return InetSocketAddress.createUnresolved(
                host == null ? "" : host, address == null ? 0 : Math.max(0, address.port()));
    }

    @Override
    public void listen(StreamListener listener) {
        this.listener = listener;
    }

    @Override
    public void onEventLoop(Runnable task) {
        connection.execute(task);
    }

    @Override
    public void dispatch(Runnable task) {
        connection.dispatch(task);
    }

    @Override
    public boolean hasBody() {
        return announcesBody();
    }

    private boolean announcesBody() {
        String length = source.headers().get("content-length");
        if (protocol == Protocol.HTTP_2) {
            return !"0".equals(length);
        }
        return (length != null && !length.equals("0")) || source.headers().contains("transfer-encoding");
    }

    @Override
    public void read(BodyListener body) {
        this.body = body;
        source.handler(data -> body.received(data.getBytes()));
        source.endHandler(_ -> {
            bodyRead = true;
            body.completed();
        });
        connection.readsBody();
    }

    /** The rest of the body cannot be read. */
    void bodyFailed(String detail) {
        BodyListener listening = body;
        body = null;
        if (listening != null && !bodyRead && !ended) {
            listening.failed(detail);
        }
    }

    @Override
    public void pause() {
        connection.execute(source::pause);
    }

    @Override
    public void resume() {
        connection.execute(source::resume);
    }

    @Override
    public void writeContinue() {
        target.writeContinue();
    }

    @Override
    public boolean isBodyRead() {
        return bodyRead;
    }

    @Override
    public void answer(int status, List<String> headers, long length, boolean hasBody) {
        target.setStatusCode(status);
        for (int i = 0; i < headers.size(); i += 2) {
            target.headers().add(headers.get(i), headers.get(i + 1));
        }
        target.putHeader("date", state.date().now());
        if (length >= 0) {
            target.putHeader("content-length", Long.toString(length));
        } else if (hasBody && protocol == Protocol.HTTP_1_1) {
            target.setChunked(true);
        } else if (hasBody && protocol == Protocol.HTTP_1_0) {
            connection.closeAfterAnswer();
        }
        if (protocol != Protocol.HTTP_2 && connection.closesAfter(this)) {
            target.putHeader("connection", "close");
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int length, WriteListener written) {
        connection.unsent(length);
        target.write(BufferInternal.buffer(Unpooled.wrappedBuffer(bytes, offset, length)))
                .onComplete(result -> {
                    connection.unsent(-length);
                    written.written(result.succeeded());
                });
    }

    @Override
    public void end() {
        complete = true;
        target.end().onComplete(result -> flushed(result.succeeded()));
    }

    @Override
    public void end(byte[] bytes) {
        complete = true;
        connection.unsent(bytes.length);
        target.end(BufferInternal.buffer(Unpooled.wrappedBuffer(bytes))).onComplete(result -> {
            connection.unsent(-bytes.length);
            flushed(result.succeeded());
        });
    }

    @Override
    public void closeAfterAnswer() {
        if (protocol != Protocol.HTTP_2) {
            connection.closeAfterAnswer();
        }
    }

    @Override
    public void abort() {
        connection.execute(() -> {
            if (!ended) {
                end(complete ? StreamEnd.ANSWERED : StreamEnd.ABORTED);
                cut();
            }
        });
    }

    @Override
    public void workDone() {
        close(WORK);
    }

    // How it ends.

    private void flushed(boolean succeeded) {
        if (succeeded && protocol == Protocol.HTTP_2 && !bodyRead) {
            // RFC 9113, 8.1: the rest of the body is of no interest.
            target.reset(NO_ERROR);
        }
        if (succeeded) {
            end(StreamEnd.ANSWERED);
        } else {
            gone();
        }
    }

    private void closed() {
        if (complete) {
            end(StreamEnd.ANSWERED);
        } else {
            gone();
        }
    }

    private void gone() {
        end(connection.isMalformed() && !bodyRead ? StreamEnd.MALFORMED : StreamEnd.CLIENT_GONE);
    }

    /** The listener is closed. */
    void cutOff() {
        if (!ended) {
            state.inFlight().recordFailure();
            end(StreamEnd.CUT_OFF);
            interrupt();
        }
    }

    /** Interrupts the work that goes on; on any thread. */
    void interrupt() {
        listener.interrupt();
    }

    void check(long now) {
        listener.check(now);
    }

    private void end(StreamEnd end) {
        if (!ended) {
            ended = true;
            listener.ended(end);
            close(ANSWER);
            connection.finished(this);
        }
    }

    private void cut() {
        if (protocol == Protocol.HTTP_2) {
            target.reset(INTERNAL_ERROR);
        } else {
            connection.closeNow();
        }
    }

    /** Closes one side; any thread. */
    private void close(int side) {
        int before = (int) OPEN.getAndBitwiseAnd(this, ~side);
        if ((before & side) == 0) {
            return;
        }
        if (before != side) {
            if (side == ANSWER) {
                state.unfinished().add(this);
                if (((int) OPEN.getVolatile(this) & WORK) == 0) {
                    state.unfinished().remove(this);
                }
            }
            return;
        }
        if (side == WORK) {
            state.unfinished().remove(this);
        }
        state.inFlight().end();
    }

    /** For the name of the exchange in messages. */
    @Override
    public String toString() {
        return (source.method() == null ? HttpMethod.GET : source.method()) + " " + target();
    }
}
