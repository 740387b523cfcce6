package io.lynx.transport.engine;

import io.lynx.plugin.InFlight;
import io.lynx.transport.ListenerConfig;
import io.lynx.transport.ListenerSpec;
import io.lynx.transport.engine.connection.Connection;
import io.lynx.transport.engine.connection.ListenChannel;
import io.lynx.transport.engine.connection.ListenerState;
import io.lynx.transport.engine.connection.OpenFilesLimit;
import io.lynx.transport.engine.connection.Peer;
import io.lynx.transport.engine.connection.PipelineCheck;
import io.lynx.transport.engine.connection.VertxStream;
import io.lynx.transport.engine.framing.HeadDefects;
import io.lynx.transport.engine.framing.Http2Framing;
import io.lynx.transport.engine.tls.CertificateWatch;
import io.netty.channel.EventLoop;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.internal.VertxInternal;
import java.io.IOException;
import java.net.BindException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The opening of one listener, on the thread that opens it. It heeds an interrupt between its steps and while it waits, and leaves
 * nothing open if it fails.
 */
final class ListenerOpening {
    private static final Duration OPEN_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

    private final VertxEngine engine;
    private final ListenerSpec spec;
    private final ListenerConfig config;
    private final InFlight inFlight;

    ListenerOpening(VertxEngine engine, ListenerSpec spec, InFlight inFlight) {
        this.engine = engine;
        this.spec = spec;
        this.config = spec.config();
        this.inFlight = inFlight;
    }

    OpenListener run() throws IOException, InterruptedException {
        requireNotCancelled();
        CertificateWatch certificates =
                config.tls().map(files -> new CertificateWatch(spec, files)).orElse(null);
        HttpServerOptions options = ServerOptions.of(config, certificates == null ? null : certificates.tls());
        OpenFilesLimit.Places places = engine.openFiles().enter(config);
        try {
            ListenerState state = new ListenerState(spec, inFlight, engine.onBuilt(), places);
            VertxEngine.Share share = engine.acquire(config.eventLoops());
            return listen(share, socket(share, state), options, state, places, certificates);
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            places.close();
            throw e;
        }
    }

    /** Loading what a listener needs may take long on a busy machine, and does not heed an interrupt. */
    private void requireNotCancelled() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("listener " + config.name() + ": its opening was cancelled");
        }
    }

    /** Binds once and shares the port between the event loops. */
    private OpenListener listen(
            VertxEngine.Share share,
            ListenChannel socket,
            HttpServerOptions options,
            ListenerState state,
            OpenFilesLimit.Places places,
            @Nullable CertificateWatch certificates)
            throws IOException, InterruptedException {
        List<HttpServer> servers = new ArrayList<>();
        CompletableFuture<Integer> bound = CompletableFuture.completedFuture(0);
        try (VertxEngine.PortClaim claim = claim()) {
            share.transport().sockets(() -> socket);
            Map<HttpConnection, Connection> known = new ConcurrentHashMap<>();
            for (EventLoop loop : share.loops()) {
                requireNotCancelled();
                HttpServer server = share.vertx().createHttpServer(options);
                servers.add(server);
                serve(server, known, state);
                bound = bind(share.vertx(), loop, server, claim);
                await(bound, claim);
            }
            claim.keepUntil(socket.closeFuture());
            requireNotCancelled();
            new PipelineCheck(socket, config.tls().isPresent()).run(OPEN_TIMEOUT.toMillis());
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            giveUp(bound, socket, servers, e);
            throw e;
        }
        socket.closeFuture().addListener(_ -> state.wakeWaiters());
        LoopWatch watch = new LoopWatch(config, state, spec.scheduler());
        watch.start();
        if (certificates != null) {
            certificates.start();
        }
        return new OpenListener(
                state,
                places,
                watch,
                certificates,
                servers,
                socket,
                servers.getFirst().actualPort());
    }

    private ListenChannel socket(VertxEngine.Share share, ListenerState state) throws InterruptedException {
        try {
            requireNotCancelled();
            return new ListenChannel(state, share.loops().getFirst());
        } catch (InterruptedException | RuntimeException | Error e) {
            end(List.of(), e);
            throw e;
        }
    }

    /**
     * Ends what was opened. A bind that has not ended is not waited for, since it cannot be interrupted and the event loops may be
     * busy loading classes; they end after the library's last callback about the socket.
     */
    private void giveUp(
            CompletableFuture<Integer> bound, ListenChannel socket, List<HttpServer> servers, Throwable reason) {
        if (bound.isDone()) {
            socket.closeOnFailure(reason instanceof InterruptedException ? 0 : CLOSE_TIMEOUT.toMillis());
            end(servers, reason);
        } else {
            CompletableFuture<Integer> _ = bound.whenComplete((_, _) -> {
                socket.closeOnFailure(0);
                end(servers);
            });
        }
    }

    /** A start that is cancelled does not wait until the library has loaded the classes of its end. */
    private void end(List<HttpServer> servers, Throwable reason) {
        if (reason instanceof InterruptedException) {
            Thread _ = Thread.ofPlatform().name("lynx-listener-end").daemon().start(() -> end(servers));
        } else {
            end(servers);
        }
    }

    private void end(List<HttpServer> servers) {
        servers.forEach(HttpServer::close);
        engine.release();
    }

    private VertxEngine.PortClaim claim() throws IOException {
        try {
            return engine.claim(config.host(), config.port());
        } catch (IOException taken) {
            throw cannotListen(taken);
        }
    }

    private IOException cannotListen(Throwable cause) {
        IOException failure = new BindException(ListenFailure.describe(config, spec.origins(), cause));
        Throwable _ = failure.initCause(cause);
        return failure;
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
            // A head that is cut short by the end of its connection arrives here too, without a connection; so does a
            // body, again.
            Connection connection = known.get(request.connection());
            if (connection != null && connection.isOpen() && connection.takesRequests()) {
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

    private CompletableFuture<Integer> bind(
            VertxInternal vertx, EventLoop loop, HttpServer server, VertxEngine.PortClaim claim) {
        CompletableFuture<Integer> bound = new CompletableFuture<>();
        vertx.contextBuilder().withEventLoop(loop).build().runOnContext(_ -> server.listen(claim.port(), config.host())
                .onComplete(result -> {
                    if (result.succeeded()) {
                        bound.complete(server.actualPort());
                    } else {
                        bound.completeExceptionally(result.cause());
                    }
                }));
        return bound;
    }

    private void await(CompletableFuture<Integer> bound, VertxEngine.PortClaim claim)
            throws IOException, InterruptedException {
        try {
            int _ = bound.get(OPEN_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw cannotListen(e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException cancelled) {
            claim.keepUntil(bound);
            throw cancelled;
        } catch (TimeoutException e) {
            claim.keepUntil(bound);
            throw new IOException(
                    config.section() + ".port: " + config.host() + ":" + config.port() + " did not open within "
                            + OPEN_TIMEOUT.toSeconds() + "s",
                    e);
        }
    }
}
