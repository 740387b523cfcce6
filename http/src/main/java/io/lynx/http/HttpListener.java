package io.lynx.http;

import io.lynx.extension.Registration;
import io.lynx.http.engine.exchange.HttpProtocol;
import io.lynx.http.engine.exchange.ServerContext;
import io.lynx.http.engine.interceptor.ConfiguredInterceptors;
import io.lynx.http.engine.problem.RequestTimeLimit;
import io.lynx.http.engine.routing.RouteTable;
import io.lynx.http.engine.telemetry.AccessLog;
import io.lynx.http.engine.telemetry.FailureReporter;
import io.lynx.http.engine.telemetry.RequestMetrics;
import io.lynx.http.engine.telemetry.RequestRecorder;
import io.lynx.json.JsonCodec;
import io.lynx.metrics.ProductionMetrics;
import io.lynx.plugin.InFlight;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.RequestInFlight;
import io.lynx.plugin.TrafficListener;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import io.lynx.transport.Listener;
import io.lynx.transport.ListenerConfig;
import io.lynx.transport.ListenerSection;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An address of its own that answers HTTP/1.1 and HTTP/2 by a set of routes, such as the management port. A plugin builds one and
 * registers it by {@link PluginContext#traffic}, or opens and closes it in its own start and stop. {@link HttpServer} serves the
 * address of the service. Thread-safe; it can be opened once.
 */
public final class HttpListener implements TrafficListener, AutoCloseable {
    private final ListenerConfig config;
    private final Listener listener;
    private final ServerContext server;
    private final @Nullable RequestMetrics metrics;
    private final @Nullable AccessLog accessLog;
    private volatile Registration shown = () -> {};

    private HttpListener(Builder builder) {
        HttpConfig limits = builder.limits == null ? HttpConfig.defaults() : builder.limits;
        this.config = builder.listenerConfig();
        this.metrics = builder.metrics == null
                ? null
                : new RequestMetrics(builder.metrics, config.name(), RequestTimeLimit.nanos(limits.slowRequest()));
        ListenerRuntime runtime = builder.runtime;
        this.accessLog = AccessLog.of(limits, config.name(), runtime.clock(), builder.metrics);
        HttpProtocol protocol = new HttpProtocol();
        this.listener = runtime.listener(config, protocol, builder.gate);
        this.server = new ServerContext(
                limits,
                builder.table(limits),
                runtime.ticker(),
                listener,
                metrics == null ? RequestRecorder.NONE : metrics,
                new FailureReporter("", null),
                runtime.json(),
                null,
                accessLog,
                null);
        protocol.serve(server);
    }

    /**
     * Returns a builder of a listener.
     *
     * @param name for logs, reports and thread names, such as {@code management}
     */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    @Override
    public String name() {
        return config.name();
    }

    /** Returns the port that it listens on, the actual one if the configuration has 0; 0 while it is not open. */
    public int port() {
        return listener.port();
    }

    /**
     * Returns the URL at which it can be reached.
     *
     * @throws IllegalStateException if it is not open
     */
    public String url() {
        int port = port();
        if (port == 0) {
            throw new IllegalStateException("listener " + config.name() + ": it is not open");
        }
        return config.url(port);
    }

    @Override
    public List<String> urls() {
        return port() == 0 ? List.of() : List.of(url());
    }

    @Override
    public InFlight inFlight() {
        return listener.inFlight();
    }

    @Override
    public List<RequestInFlight> requests(int limit) {
        return listener.requests(limit);
    }

    /** Returns what it has counted; all zero until it opens. */
    ListenerCounts counts() {
        ServerContext.Counts counts = server.counts();
        return new ListenerCounts(
                listener.openConnections(),
                listener.acceptedConnections(),
                listener.refusedConnections(),
                counts.refusedRequests.sum(),
                counts.abandoned.sum(),
                counts.timedOut.sum());
    }

    @Override
    public void open() throws IOException, InterruptedException {
        listener.open();
        if (metrics != null) {
            shown = metrics.show(inFlight()::current, listener::openConnections);
        }
    }

    @Override
    public boolean isAccepting() {
        return listener.isAccepting();
    }

    @Override
    public void announceStop() {
        listener.announceStop();
    }

    @Override
    public void drain(Deadline deadline) throws InterruptedException {
        listener.drain(deadline);
    }

    @Override
    public void close() {
        listener.close();
        shown.close();
        if (accessLog != null) {
            accessLog.close();
        }
    }

    /** Describes a listener. Not thread-safe. */
    public static final class Builder {
        private final String name;
        private String section;
        private ListenerSection address = ListenerSection.defaults();
        private @Nullable ListenerConfig config;
        private @Nullable HttpConfig limits;
        private Routes routes = new Routes();
        private final Interceptors interceptors = new Interceptors();
        private ListenerRuntime runtime = ListenerRuntime.system();
        private IntPredicate gate = _ -> false;
        private boolean replacesIdle;
        private @Nullable ProductionMetrics metrics;

        private Builder(String name) {
            this.name = name;
            this.section = "lynx." + name;
        }

        /** Sets the section that messages about its configuration name; {@code lynx.} and its name if not set. */
        public Builder section(String section) {
            this.section = section;
            return this;
        }

        /** Sets the address to listen on; 0 for any free port. It is port 8080 of every address if not set. */
        public Builder address(String host, int port) {
            return listener(address.withAddress(host, port));
        }

        /** Sets how many connections may be open. */
        public Builder maxConnections(int connections) {
            return listener(address.withMaxConnections(connections));
        }

        /** Sets the address and the limits of connections; the defaults if not set. */
        Builder listener(ListenerSection section) {
            this.address = section;
            return this;
        }

        /** Sets the address and all limits of connections in place of those of {@link #listener}. */
        Builder config(ListenerConfig config) {
            this.config = config;
            return this;
        }

        private ListenerConfig listenerConfig() {
            ListenerConfig config = this.config == null ? address.listener(name, section) : this.config;
            return replacesIdle ? config.replacingIdle() : config;
        }

        /** Sets the limits of requests; the defaults if not set. */
        public Builder limits(HttpConfig limits) {
            this.limits = limits;
            return this;
        }

        /** Sets its routes, which do not change. */
        public Builder routes(Routes routes) {
            this.routes = routes;
            return this;
        }

        /** Adds interceptors around every request of the listener, or replaces or removes those that it has from the start. */
        public Builder interceptors(Consumer<Interceptors> interceptors) {
            interceptors.accept(this.interceptors);
            return this;
        }

        private Supplier<RouteTable> table(HttpConfig limits) {
            RouteTable table = routes.freeze(ConfiguredInterceptors.and(limits, null, interceptors.changes()));
            return () -> table;
        }

        /** Sets the application that it belongs to: it shares the application's event loops and runs on its time. */
        public Builder context(PluginContext context) {
            this.runtime = ListenerRuntime.of(context);
            return this;
        }

        /** Sets the clock of its time limits; the system's if neither this nor {@link #context} is called. */
        Builder ticker(Ticker ticker) {
            this.runtime = runtime.withTicker(ticker);
            return this;
        }

        /**
         * Sets the number of event loops that serve it, at most one for each processor; one for each two if not set. With one, the
         * same thread accepts connections too.
         *
         * @throws IllegalArgumentException if it is not 1 or more
         */
        public Builder eventLoops(int count) {
            if (count < 1) {
                throw new IllegalArgumentException("event loops: " + count + "; 1 or more");
            }
            return listener(address.withEventLoops(count));
        }

        /** Sets where its requests are measured, with its name as their protocol; they are not measured if not set. */
        public Builder metrics(ProductionMetrics metrics) {
            this.metrics = metrics;
            return this;
        }

        /**
         * Lets a connection above {@code max_connections} take the place of the one that has been idle longest, instead of refusing
         * it. For listeners whose clients must always get through, such as probes.
         */
        public Builder replaceIdle() {
            this.replacesIdle = true;
            return this;
        }

        /** Sets what reads and writes JSON bodies; the installed implementation if not set. */
        Builder json(JsonCodec codec) {
            this.runtime = runtime.withJson(codec);
            return this;
        }

        Builder gate(IntPredicate gate) {
            this.gate = gate;
            return this;
        }

        /** Returns the listener, which is not open. */
        public HttpListener build() {
            return new HttpListener(this);
        }
    }
}
