package io.lynx.transport.engine;

import io.lynx.plugin.InFlight;
import io.lynx.plugin.RequestInFlight;
import io.lynx.time.Deadline;
import io.lynx.transport.Listener;
import io.lynx.transport.ListenerConfig;
import io.lynx.transport.ListenerSpec;
import io.netty.channel.EventLoop;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.internal.VertxInternal;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A listener on the application's event loops. Thread-safe. */
final class VertxListener implements Listener {
    private static final Duration OPEN_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);
    /** How long handshakes in progress may take once the gate is closed to new ones. */
    private static final long HANDSHAKES_MILLIS = 5;

    private final VertxEngine engine;
    private final ListenerSpec spec;
    private final ListenerConfig config;
    private final InFlight inFlight = new InFlight();
    private final AtomicBoolean openedOnce = new AtomicBoolean();
    private volatile @Nullable Opened opened;

    private record Opened(ListenerState state, List<HttpServer> servers, ListenChannel socket, int port) {}

    VertxListener(VertxEngine engine, ListenerSpec spec) {
        this.engine = engine;
        this.spec = spec;
        this.config = spec.config();
    }

    @Override
    public void open() throws IOException, InterruptedException {
        if (!openedOnce.compareAndSet(false, true)) {
            throw new IllegalStateException(
                    "listener " + config.name() + ": it was opened before; a listener opens once");
        }
        HttpServerOptions options = ServerOptions.of(config);
        ListenerState state = new ListenerState(spec, inFlight, engine.onBuilt());
        VertxEngine.Share share = engine.acquire(config.eventLoops());
        try {
            opened = listen(share, options, state);
        } catch (IOException | InterruptedException | RuntimeException e) {
            engine.release();
            throw e;
        }
    }

    /** Binds once and shares the port between the event loops. */
    private Opened listen(VertxEngine.Share share, HttpServerOptions options, ListenerState state)
            throws IOException, InterruptedException {
        ListenChannel socket = new ListenChannel(state, share.loops().getFirst());
        List<HttpServer> servers = new ArrayList<>();
        try (VertxEngine.PortClaim claim = claim()) {
            share.transport().sockets(() -> socket);
            Map<HttpConnection, Connection> known = new ConcurrentHashMap<>();
            for (EventLoop loop : share.loops()) {
                HttpServer server = share.vertx().createHttpServer(options);
                servers.add(server);
                serve(server, known, state);
                bind(share.vertx(), loop, server, claim.port());
            }
            claim.keepUntil(socket.closeFuture());
            new PipelineCheck(socket, config.tls().isPresent()).run(OPEN_TIMEOUT.toMillis());
        } catch (IOException | InterruptedException | RuntimeException e) {
            socket.closeOnFailure(CLOSE_TIMEOUT.toMillis());
            servers.forEach(HttpServer::close);
            throw e;
        }
        socket.closeFuture().addListener(_ -> state.wakeWaiters());
        return new Opened(state, servers, socket, servers.getFirst().actualPort());
    }

    private VertxEngine.PortClaim claim() throws IOException {
        try {
            return engine.claim(config.host(), config.port());
        } catch (IOException taken) {
            throw cannotListen(taken);
        }
    }

    private IOException cannotListen(Throwable cause) {
        return new IOException(ListenFailure.describe(config, spec.origins(), cause), cause);
    }

    private static void serve(HttpServer server, Map<HttpConnection, Connection> known, ListenerState state) {
        server.connectionHandler(http -> established(http, known, state));
        server.requestHandler(request -> {
            Connection connection = known.get(request.connection());
            if (connection == null || !connection.takesRequests()) {
                return;
            }
            int refusal = connection.streams().refusal(request);
            if (refusal == Http2Framing.NO_ERROR) {
                new VertxStream(state, connection, request, HeadDefects.ofHttp2(request, state.maxLineLength()))
                        .start();
            } else {
                request.response().reset(refusal);
            }
        });
        server.invalidRequestHandler(request -> {
            // A head that is cut short by the end of its connection arrives here too, without a connection.
            Connection connection = known.get(request.connection());
            if (connection != null && connection.takesRequests()) {
                new VertxStream(state, connection, request, HeadDefects.of(request)).start();
            }
        });
        server.exceptionHandler(_ -> {});
    }

    private static void established(HttpConnection http, Map<HttpConnection, Connection> known, ListenerState state) {
        Connection connection = state.connection(Peer.of(http));
        if (connection == null) {
            http.close();
            return;
        }
        known.put(http, connection);
        http.closeHandler(_ -> known.remove(http));
        // What goes wrong on a connection is its client's doing; without a handler the library logs it as an error.
        http.exceptionHandler(_ -> {});
        connection.established(http);
    }

    private void bind(VertxInternal vertx, EventLoop loop, HttpServer server, int port)
            throws IOException, InterruptedException {
        CompletableFuture<Integer> bound = new CompletableFuture<>();
        vertx.contextBuilder().withEventLoop(loop).build().runOnContext(_ -> server.listen(port, config.host())
                .onComplete(result -> {
                    if (result.succeeded()) {
                        bound.complete(server.actualPort());
                    } else {
                        bound.completeExceptionally(result.cause());
                    }
                }));
        try {
            int _ = bound.get(OPEN_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw cannotListen(e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException cancelled) {
            awaitQuietly(bound);
            throw cancelled;
        } catch (TimeoutException e) {
            throw new IOException(
                    config.section() + ".port: " + config.host() + ":" + config.port() + " did not open within "
                            + OPEN_TIMEOUT.toSeconds() + "s",
                    e);
        }
    }

    /** The event loops may end only when the library has no more to tell about the socket. */
    private static void awaitQuietly(CompletableFuture<Integer> bound) {
        try {
            int _ = bound.get(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException _) {
            // The start was cancelled; how binding would have ended does not matter.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public int port() {
        Opened now = opened;
        return now == null || now.state().phase() == ListenerState.Phase.CLOSED ? 0 : now.port();
    }

    @Override
    public InFlight inFlight() {
        return inFlight;
    }

    @Override
    public List<RequestInFlight> requests(int limit) {
        Opened now = opened;
        return now == null ? List.of() : now.state().requests(limit);
    }

    @Override
    public int openConnections() {
        Opened now = opened;
        return now == null ? 0 : now.state().connections().size();
    }

    @Override
    public long acceptedConnections() {
        Opened now = opened;
        return now == null ? 0 : now.state().accepted();
    }

    @Override
    public long refusedConnections() {
        Opened now = opened;
        return now == null ? 0 : now.state().refused();
    }

    @Override
    public void announceStop() {
        Opened now = opened;
        if (now != null && !now.state().isAnnounced()) {
            now.state().phase(ListenerState.Phase.ANNOUNCED);
            now.state().connections().forEach(connection -> connection.onLoop(connection::announce));
        }
    }

    @Override
    public boolean isAccepting() {
        Opened now = opened;
        return now != null && now.socket().isOpen();
    }

    @Override
    public void drain(Deadline deadline) throws InterruptedException {
        Opened now = opened;
        if (now == null || now.state().phase() == ListenerState.Phase.CLOSED) {
            return;
        }
        ListenerState state = now.state();
        state.phase(ListenerState.Phase.DRAINING);
        stopAccepting(now);
        Deadline goodbye = state.drain().begin(deadline, now.socket().eventLoop());
        state.connections().forEach(connection -> connection.onLoop(() -> connection.drain(goodbye)));
        if (state.await(() -> !now.socket().isOpen() && state.connections().isEmpty(), deadline)) {
            boolean _ = inFlight.awaitNone(deadline);
            state.drain().awaitNone(deadline);
        }
    }

    private void stopAccepting(Opened now) {
        ListenChannel socket = now.socket();
        boolean gated = spec.gate().test(now.port());
        Runnable last = () -> {
            socket.acceptWaiting();
            socket.close();
        };
        if (gated) {
            socket.eventLoop().execute(socket::acceptWaiting);
            socket.eventLoop().schedule(last, HANDSHAKES_MILLIS, TimeUnit.MILLISECONDS);
        } else {
            socket.eventLoop().execute(last);
        }
    }

    @Override
    public void close() {
        Opened now = opened;
        if (now == null || now.state().phase() == ListenerState.Phase.CLOSED) {
            return;
        }
        ListenerState state = now.state();
        state.phase(ListenerState.Phase.CLOSED);
        now.socket().close().awaitUninterruptibly(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        state.connections().forEach(connection -> connection.onLoop(connection::cut));
        state.unfinished().forEach(CountedStream::interrupt);
        try {
            Deadline deadline = Deadline.after(CLOSE_TIMEOUT, spec.ticker());
            if (state.await(() -> state.connections().isEmpty(), deadline)) {
                boolean _ = inFlight.awaitNone(deadline);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        now.servers().forEach(HttpServer::close);
        engine.release();
    }
}
