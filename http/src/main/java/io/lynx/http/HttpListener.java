package io.lynx.http;

import io.lynx.json.JsonCodec;
import io.lynx.metrics.ProductionMetrics;
import io.lynx.plugin.InFlight;
import io.lynx.plugin.TrafficListener;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.VertxInternal;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An address that answers HTTP/1.1 and HTTP/2 by a set of routes. {@link HttpServer} makes one of it for an application; a
 * plugin that listens on a port of its own, such as a management port, holds one itself and registers it by
 * {@link io.lynx.plugin.PluginContext#traffic}, or opens and closes it in its own start and stop. Thread-safe; it can be
 * opened once.
 */
public final class HttpListener implements TrafficListener, AutoCloseable {
    private static final Duration OPEN_TIMEOUT = Duration.ofSeconds(10);
    /** How long handshakes under way get once the gate is closed to new ones. */
    private static final long HANDSHAKES_MILLIS = 5;

    private final String name;
    private final String section;
    private final HttpConfig config;
    private final Supplier<RouteTable> routes;
    private final Ticker ticker;
    private final int eventLoops;
    private final ListenGate gate;
    private final FailureReporter failures;
    private final JsonCodec json;
    private final @Nullable ProductionMetrics metrics;
    private final InFlight inFlight = new InFlight();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition connectionClosed = lock.newCondition();
    private volatile @Nullable Opened opened;
    private volatile Runnable hideMetrics = () -> {};
    private boolean openedOnce;

    /** What exists while it is open. */
    private record Opened(ListenerState state, Engine engine, ListenChannel socket, int port) {}

    private HttpListener(Builder builder) {
        this.name = builder.name;
        this.section = builder.section;
        this.config = builder.config;
        this.routes = builder.routes;
        this.ticker = builder.ticker;
        this.eventLoops = builder.eventLoops;
        this.gate = builder.gate;
        this.failures = builder.failures;
        this.json = builder.json;
        this.metrics = builder.metrics;
    }

    /**
     * Starts to describe a listener.
     *
     * @param name for logs, reports and thread names, such as {@code management}
     */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    @Override
    public String name() {
        return name;
    }

    /** The port it listens on, the real one if any was asked for; 0 while it is not open. */
    public int port() {
        Opened now = serving();
        return now == null ? 0 : now.port();
    }

    /**
     * Where it can be reached.
     *
     * @throws IllegalStateException if it is not open
     */
    public String url() {
        Opened now = serving();
        if (now == null) {
            throw new IllegalStateException("listener " + name + ": it is not open");
        }
        boolean any = config.host().equals("0.0.0.0") || config.host().equals("::");
        String host = any ? "localhost" : config.host().contains(":") ? "[" + config.host() + "]" : config.host();
        return (config.tls().isPresent() ? "https://" : "http://") + host + ":" + now.port();
    }

    @Override
    public List<String> urls() {
        return serving() == null ? List.of() : List.of(url());
    }

    @Override
    public InFlight inFlight() {
        return inFlight;
    }

    /** What it has seen; all zero until it opens. */
    public ListenerCounts counts() {
        Opened now = opened;
        if (now == null) {
            return new ListenerCounts(0, 0, 0, 0, 0, 0);
        }
        ListenerState.Counts counts = now.state().counts();
        return new ListenerCounts(
                now.state().connections().size(),
                counts.accepted.sum(),
                counts.refusedConnections.sum(),
                counts.refusedRequests.sum(),
                counts.abandoned.sum(),
                counts.timedOut.sum());
    }

    @Override
    public void open() throws IOException, InterruptedException {
        lock.lock();
        try {
            if (openedOnce) {
                throw new IllegalStateException("listener " + name + ": opened already; a listener is opened once");
            }
            openedOnce = true;
        } finally {
            lock.unlock();
        }
        HttpServerOptions options = options();
        ThreadFactory threads = Thread.ofVirtual().name("lynx-" + name + "-", 1).factory();
        RequestMetrics measured = metrics == null ? null : measured(metrics);
        RequestRecorder recorder = measured == null ? RequestRecorder.NONE : measured;
        ListenerState state = new ListenerState(config, routes, ticker, threads, inFlight, recorder, failures, json);
        AtomicReference<ListenChannel> socket = new AtomicReference<>();
        Engine engine = new Engine(name, eventLoops, () -> {
            ListenChannel channel = new ListenChannel(state, this::connectionClosed);
            socket.set(channel);
            return channel;
        });
        try {
            int port = listen(engine.vertx(), options, state);
            ListenChannel channel = Objects.requireNonNull(socket.get(), "listening socket");
            channel.closeFuture().addListener(_ -> connectionClosed());
            opened = new Opened(state, engine, channel, port);
            if (measured != null) {
                hideMetrics = measured.show(
                        inFlight::current, () -> state.connections().size());
            }
        } catch (IOException | InterruptedException | RuntimeException e) {
            engine.close();
            throw e;
        }
    }

    private RequestMetrics measured(ProductionMetrics metrics) {
        return new RequestMetrics(metrics, name, ListenerState.nanos(config.slowRequest()));
    }

    /** Binds once and shares the port between the event loops. */
    private int listen(Vertx vertx, HttpServerOptions options, ListenerState state)
            throws IOException, InterruptedException {
        Map<HttpConnection, Connection> known = new ConcurrentHashMap<>();
        // A negative port is any free one, but the same for all event loops.
        int asked = config.port() == 0 ? -1 : config.port();
        int port = 0;
        for (int i = 0; i < eventLoops; i++) {
            io.vertx.core.http.HttpServer server = vertx.createHttpServer(options);
            server.connectionHandler(http -> established(http, known, state));
            server.requestHandler(request -> {
                Connection connection = known.get(request.connection());
                if (connection != null) {
                    new Exchange(state, connection, request).start();
                }
            });
            server.invalidRequestHandler(request -> {
                // A head cut short by the end of its connection comes here too; then there is nobody to tell.
                Connection connection = known.get(request.connection());
                if (connection != null) {
                    new Exchange(state, connection, request).startMalformed(malformed(request));
                }
            });
            server.exceptionHandler(_ -> {});
            CompletableFuture<Integer> bound = new CompletableFuture<>();
            ((VertxInternal) vertx).createEventLoopContext().runOnContext(_ -> server.listen(asked, config.host())
                    .onComplete(result -> {
                        if (result.succeeded()) {
                            bound.complete(server.actualPort());
                        } else {
                            bound.completeExceptionally(result.cause());
                        }
                    }));
            port = await(bound);
        }
        return port;
    }

    private int await(CompletableFuture<Integer> bound) throws IOException, InterruptedException {
        try {
            return bound.get(OPEN_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException(
                    section + ".port: cannot listen on " + config.host() + ":" + config.port() + " ("
                            + cause.getMessage() + "); a free port of this machine, or 0 for any",
                    cause);
        } catch (TimeoutException e) {
            throw new IOException(
                    section + ".port: " + config.host() + ":" + config.port() + " did not open within "
                            + OPEN_TIMEOUT.toSeconds() + "s",
                    e);
        }
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

    private static HttpException malformed(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        if (cause instanceof HttpException ours && request.version() == null) {
            return ours;
        }
        if (cause instanceof TooLongHttpLineException) {
            return new HttpException(414, "the request line is too long");
        }
        if (cause instanceof TooLongHttpHeaderException) {
            return new HttpException(431, "the headers are too large");
        }
        return new HttpException(400, "malformed request");
    }

    private HttpServerOptions options() {
        HttpServerOptions options = new HttpServerOptions()
                .setMaxInitialLineLength((int) config.maxUriLength().bytes())
                .setMaxHeaderSize((int) config.maxHeaderSize().bytes())
                .setAcceptBacklog(1024)
                .setCompressionSupported(config.compression())
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setSslHandshakeTimeout(config.headerTimeout().toMillis())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
        options.getInitialSettings()
                .setMaxHeaderListSize(config.maxHeaderSize().bytes())
                .setMaxConcurrentStreams(250);
        config.tls().ifPresent(tls -> Tls.configure(options, tls, section));
        return options;
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
    public void drain(Deadline deadline) throws InterruptedException {
        Opened now = opened;
        if (now == null || now.state().phase() == ListenerState.Phase.CLOSED) {
            return;
        }
        now.state().phase(ListenerState.Phase.DRAINING);
        stopAccepting(now);
        now.state().connections().forEach(connection -> connection.onLoop(connection::drain));
        lock.lock();
        try {
            while (now.socket().isOpen() || !now.state().connections().isEmpty()) {
                long left = deadline.remainingNanos();
                if (left <= 0) {
                    return;
                }
                long _ = connectionClosed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private void stopAccepting(Opened now) {
        ListenChannel socket = now.socket();
        boolean gated = gate.close(now.port());
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
        now.state().phase(ListenerState.Phase.CLOSED);
        now.socket().close().awaitUninterruptibly(1, TimeUnit.SECONDS);
        now.state().connections().forEach(connection -> connection.onLoop(connection::cut));
        awaitConnections(now, Deadline.after(Duration.ofSeconds(1), ticker));
        now.engine().close();
        hideMetrics.run();
    }

    private void awaitConnections(Opened now, Deadline deadline) {
        lock.lock();
        try {
            while (!now.state().connections().isEmpty() && !deadline.isExpired()) {
                long _ = connectionClosed.awaitNanos(deadline.remainingNanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Opened serving() {
        Opened now = opened;
        return now == null || now.state().phase() == ListenerState.Phase.CLOSED ? null : now;
    }

    private void connectionClosed() {
        lock.lock();
        try {
            connectionClosed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Describes a listener. Not thread-safe. */
    public static final class Builder {
        private final String name;
        private String section;
        private HttpConfig config = HttpConfig.defaults();
        private Supplier<RouteTable> routes = () -> new Routes().freeze();
        private Ticker ticker = Ticker.system();
        private int eventLoops = Runtime.getRuntime().availableProcessors();
        private ListenGate gate = ListenGate.NONE;
        private FailureReporter failures = FailureReporter.NONE;
        private JsonCodec json = JsonCodec.installed();
        private @Nullable ProductionMetrics metrics;

        private Builder(String name) {
            this.name = name;
            this.section = "lynx." + name;
        }

        /** The section that messages about its configuration name; {@code lynx.} and its name if not set. */
        public Builder section(String section) {
            this.section = section;
            return this;
        }

        /** Its address and limits. */
        public Builder config(HttpConfig config) {
            this.config = config;
            return this;
        }

        /** Its routes, and no more than these. */
        public Builder routes(Routes routes) {
            RouteTable table = routes.freeze();
            this.routes = () -> table;
            return this;
        }

        /** Its routes, which may change while it is open. */
        Builder routes(ServerRoutes routes) {
            this.routes = routes::table;
            return this;
        }

        /** The clock of its time limits. */
        public Builder ticker(Ticker ticker) {
            this.ticker = ticker;
            return this;
        }

        /**
         * How many event loops serve it, one thread each; as many as there are processors if not set. With one, the same
         * thread accepts too.
         *
         * @throws IllegalArgumentException if it is not 1 or more
         */
        public Builder eventLoops(int count) {
            if (count < 1) {
                throw new IllegalArgumentException("event loops: " + count + "; 1 or more");
            }
            this.eventLoops = count;
            return this;
        }

        /** Where its requests are measured, its name as their protocol; nowhere if not set. */
        public Builder metrics(ProductionMetrics metrics) {
            this.metrics = metrics;
            return this;
        }

        /** Sets what reads and writes JSON bodies; the installed implementation if not set. */
        public Builder json(JsonCodec codec) {
            this.json = codec;
            return this;
        }

        Builder gate(ListenGate gate) {
            this.gate = gate;
            return this;
        }

        Builder failures(FailureReporter failures) {
            this.failures = failures;
            return this;
        }

        /** The listener, not open. */
        public HttpListener build() {
            return new HttpListener(this);
        }
    }
}
