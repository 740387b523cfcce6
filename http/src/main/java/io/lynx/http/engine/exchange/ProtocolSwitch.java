package io.lynx.http.engine.exchange;

import io.lynx.extension.UserCode;
import io.lynx.http.ClientGoneException;
import io.lynx.http.CorsConfig;
import io.lynx.http.DrainCallback;
import io.lynx.http.HttpException;
import io.lynx.http.Response;
import io.lynx.http.engine.answer.AnswerWriter;
import io.lynx.http.engine.answer.LongLivedAnswer;
import io.lynx.http.engine.answer.LongLivedBody;
import io.lynx.http.engine.answer.WriteBuffer;
import io.lynx.http.engine.telemetry.EndStatus;
import io.lynx.http.engine.telemetry.SocketRecorder;
import io.lynx.json.JsonCodec;
import io.lynx.transport.BodyListener;
import io.lynx.transport.Head;
import io.lynx.transport.Stream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Switches the connection of a request to another protocol, which takes the place of the answer: it is a long-lived one, with the
 * status 101. What the connection does not take at once waits within a bound that the caller names. Thread-safe once it has begun.
 */
public final class ProtocolSwitch {
    private final ExchangeParts exchange;
    private final ServerResponse response;
    private final Stream stream;
    private final AnswerWriter answer;
    private final SwitchedProtocol protocol;
    private final Pending pending = new Pending();

    private ProtocolSwitch(ExchangeParts exchange, ServerResponse response, SwitchedProtocol protocol) {
        this.exchange = exchange;
        this.response = response;
        this.stream = exchange.stream();
        this.answer = exchange.answer();
        this.protocol = protocol;
    }

    /** Returns the exchange of a response, as far as a handshake needs it. */
    static ExchangeParts exchange(Response response) {
        if (response instanceof ServerResponse ours) {
            return ours.exchange();
        }
        throw new IllegalStateException(
                "WebSocket: an interceptor passes on a response of its own; pass on the one that it receives");
    }

    /** Returns the head of the request that {@code response} answers. */
    public static Head head(Response response) {
        return exchange(response).stream().head();
    }

    /** Returns whether the request has a body, which a handshake cannot have. */
    public static boolean hasBody(Response response) {
        return exchange(response).stream().hasBody();
    }

    /** Returns the rules for pages of other origins around the route; null if there are none. */
    public static @Nullable CorsConfig cors(Response response) {
        return exchange(response).target().chain().cors();
    }

    /**
     * Switches. The protocol may be called before this method returns.
     *
     * @param name of the protocol, which the request offers
     * @param headers of the answer besides those of interceptors: name, value, name, value…
     * @param onDrain receives the beginning of the drain
     * @throws HttpException (503) if there are too many long-lived answers
     * @throws ClientGoneException if the client has gone
     */
    public static void begin(
            Response response, SwitchedProtocol protocol, String name, List<String> headers, DrainCallback onDrain) {
        ExchangeParts exchange = exchange(response);
        ProtocolSwitch begun = new ProtocolSwitch(exchange, (ServerResponse) response, protocol);
        LongLivedAnswer.begin(exchange, begun.pending, onDrain);
        begun.begin(name, headers);
    }

    private void begin(String name, List<String> headers) {
        List<String> all = new ArrayList<>(response.headersToSend(stream));
        all.addAll(headers);
        CompletableFuture<Boolean> switched = new CompletableFuture<>();
        stream.onEventLoop(() -> {
            try {
                boolean isMine = answer.beginSwitch(pending);
                if (isMine) {
                    stream.upgrade(name, all, pending);
                    protocol.begun(this);
                }
                switched.complete(isMine);
            } catch (RuntimeException | Error failure) {
                switched.completeExceptionally(failure);
            }
        });
        boolean isSwitched = switched.join();
        if (!isSwitched) {
            throw new ClientGoneException();
        }
        response.begun();
    }

    /** What waits for the client, and what arrives from it. */
    private final class Pending extends WriteBuffer implements LongLivedBody, BodyListener {
        private volatile long arrived;

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // Only the event loop writes.
        public void received(byte[] bytes) {
            arrived += bytes.length;
            guarded(() -> protocol.received(bytes));
        }

        @Override
        public void completed() {
            guarded(protocol::inputEnded);
        }

        @Override
        public void failed(String detail) {
            abort();
        }

        @Override
        protected void checked(long now) {
            protocol.check(now);
        }

        @Override
        protected void written(int bytes, long now) {
            super.written(bytes, now);
            if (isEmpty()) {
                protocol.drained();
            }
        }

        @Override
        protected void fail() {
            super.fail();
            protocol.gone();
        }

        @Override
        protected long received() {
            return arrived;
        }

        @Override
        public boolean tryComplete() {
            return protocol.goodbye();
        }

        @Override
        public void close() {
            protocol.handled();
        }
    }

    /** A fault of the server itself ends this connection and no other. */
    private void guarded(Runnable action) {
        try {
            action.run();
        } catch (Throwable failure) {
            UserCode.rethrowIfFatal(failure);
            exchange.unusable(failure);
            exchange.abort(500);
        }
    }

    /**
     * Writes if no more than {@code bound} bytes then wait for the client, or none did; returns whether it did. It never waits. The
     * array must not be changed afterwards.
     *
     * @throws ClientGoneException if the connection is lost
     */
    public boolean tryWrite(byte[] bytes, int bound) {
        try {
            if (!pending.tryReserve(bytes.length, bound, answer.now())) {
                return false;
            }
        } catch (IOException clientGone) {
            throw new ClientGoneException();
        }
        answer.writeReserved(pending, bytes, 0, bytes.length);
        return true;
    }

    /**
     * Waits until so many bytes can be written.
     *
     * @throws ClientGoneException if the connection is lost
     */
    public void awaitRoom(int bytes, int bound) {
        try {
            pending.awaitRoom(bytes, bound);
        } catch (IOException clientGone) {
            throw new ClientGoneException();
        }
    }

    /** Returns whether nothing waits for the client. */
    public boolean isDrained() {
        return pending.isEmpty();
    }

    /** Ends the connection behind what was written. */
    public void end() {
        answer.end();
    }

    /** Cuts the connection off. */
    public void abort() {
        exchange.abort(EndStatus.CLIENT_GONE);
    }

    /** Stops reading until {@link #resume}. What has been read already may still arrive. */
    public void pause() {
        stream.pause();
    }

    /** Continues to read. */
    public void resume() {
        stream.resume();
    }

    /** Runs {@code task} on the event loop: at once if the caller is on it. Has no effect once the listener is closed. */
    public void onEventLoop(Runnable task) {
        try {
            stream.onEventLoop(task);
        } catch (RejectedExecutionException closed) {
            // The connection was closed before.
        }
    }

    /** The reading of the server's ticker. */
    public long now() {
        return answer.now();
    }

    /** How long the client may take for the next piece, in nanoseconds. */
    public long stallTimeout() {
        return exchange.server().stallTimeout();
    }

    /** Reads and writes JSON. */
    public JsonCodec json() {
        return exchange.json();
    }

    /** Records what happens to the sockets of the route. */
    public SocketRecorder recorder() {
        return exchange.server().recorder().sockets(exchange.target().route());
    }
}
