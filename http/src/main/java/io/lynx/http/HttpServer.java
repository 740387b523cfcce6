package io.lynx.http;

import io.lynx.context.Tracing;
import io.lynx.extension.Registration;
import io.lynx.extension.ResourceKey;
import io.lynx.http.engine.exchange.HttpProtocol;
import io.lynx.http.engine.exchange.ServerContext;
import io.lynx.http.engine.interceptor.ConfiguredInterceptors;
import io.lynx.http.engine.interceptor.HttpsRedirect;
import io.lynx.http.engine.problem.RequestTimeLimit;
import io.lynx.http.engine.telemetry.AccessLog;
import io.lynx.http.engine.telemetry.FailureReporter;
import io.lynx.http.engine.telemetry.RequestMetrics;
import io.lynx.json.JsonCodec;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.recovery.ErrorRecoveryManager;
import io.lynx.transport.Listener;
import io.lynx.transport.ListenerPlugin;
import io.lynx.transport.Protocols;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP server as a plugin: {@code http}, configured by {@code lynx.http}. It serves the requests of the plugin
 * {@code listener}, which it adds to the application and which opens when every plugin has started. Other plugins add routes
 * through {@link #ROUTES}. Its id is the label {@code protocol} of its metrics. Thread-safe.
 */
public final class HttpServer implements Plugin {
    /** The routes of the server {@code http}, for plugins that use it. */
    public static final ResourceKey<ServerRoutes> ROUTES = ResourceKey.of("http.routes", ServerRoutes.class);

    /** The id of the plugin that shares {@link #VALIDATOR}, if there is one. */
    public static final String VALIDATION = "validation";

    /** What checks the bodies and parameters that handlers read, for servers without a {@link Builder#validator} of their own. */
    public static final ResourceKey<RequestValidator> VALIDATOR =
            ResourceKey.of("http.validator", RequestValidator.class);

    private static final String HTTP = "http";

    private final String id;
    private final String section;
    private final Consumer<Routes> ownRoutes;
    private final List<InterceptorChange> interceptors;
    private final @Nullable JsonCodec json;
    private final @Nullable RequestValidator validator;
    private volatile @Nullable Protocols protocols;

    /** The routes of the most recent start. */
    private volatile @Nullable ServerRoutes started;

    private HttpServer(Builder builder) {
        this.id = builder.id;
        this.section = builder.section == null ? "lynx." + builder.id : builder.section;
        this.ownRoutes = builder.routes;
        this.interceptors = builder.interceptors.changes();
        this.json = builder.json;
        this.validator = builder.validator;
    }

    /** Returns the server {@code http} with these routes, configured by {@code lynx.http}. */
    public static HttpServer with(Consumer<Routes> routes) {
        return builder().routes(routes).build();
    }

    /** Returns a builder of a server; what is not set is as in {@link #with}. */
    public static Builder builder() {
        return new Builder();
    }

    private String listenerId() {
        return id.equals(HTTP) ? ListenerPlugin.ID : id + "." + ListenerPlugin.ID;
    }

    @Override
    public PluginDescriptor descriptor() {
        return PluginDescriptor.of(id)
                .name("HTTP server")
                .weight(100)
                .requires(listenerId())
                .uses(VALIDATION)
                .config(section, HttpConfig.class)
                .build();
    }

    @Override
    public List<Plugin> companions() {
        return List.of(new ListenerPlugin(listenerId(), id, section));
    }

    @Override
    public void start(PluginContext context) {
        HttpConfig config = context.config(HttpConfig.class);
        Protocols shared = context.resource(ListenerPlugin.protocols(listenerId()));
        Listener listener = shared.listener();
        Routes own = new Routes();
        ownRoutes.accept(own);
        JsonCodec codec = json == null ? context.json() : json;
        ServerRoutes routes = new ServerRoutes(
                own, ConfiguredInterceptors.and(config, listener, interceptors), codec, listener.isSecure(), started);
        started = routes;
        RequestMetrics metrics =
                new RequestMetrics(context.metrics(), id, RequestTimeLimit.nanos(config.slowRequest()));
        AccessLog accessLog = AccessLog.of(config, id, context.clock(), context.metrics());
        if (accessLog != null) {
            AccessLog _ = context.own(accessLog);
        }
        HttpProtocol protocol = new HttpProtocol();
        protocol.serve(new ServerContext(
                config,
                routes::table,
                context.ticker(),
                listener,
                metrics,
                new FailureReporter(
                        id, context.findResource(ErrorRecoveryManager.KEY).orElse(null)),
                codec,
                context.findResource(Tracing.KEY).orElse(null),
                accessLog,
                validator == null ? context.findResource(VALIDATOR).orElse(null) : validator));
        if (config.httpsRedirect().port().isPresent()) {
            Registration _ = context.traffic(redirecting(
                    context, config, listener, config.httpsRedirect().port().get()));
        }
        protocols = shared;
        context.share(id.equals(HTTP) ? ROUTES : ResourceKey.of(id + ".routes", ServerRoutes.class), routes);
        Registration _ = context.own(metrics.show(listener.inFlight()::current, listener::openConnections));
        Registration _ = context.own(shared.register(id, Protocols.GENERAL, protocol, protocol));
        routes.finishWith(context);
    }

    /** The listener without TLS, whose requests are redirected to {@code https}. */
    private HttpListener redirecting(PluginContext context, HttpConfig config, Listener https, int port) {
        String redirect = section + ".https_redirect";
        if (https.config().tls().isEmpty()) {
            throw new IllegalArgumentException(redirect + ".port: " + port + ", but there is no " + section
                    + ".tls to redirect to; set enabled instead of port behind a proxy that ends TLS");
        }
        HttpsRedirect redirects = new HttpsRedirect(config.httpsRedirect(), https, true);
        return HttpListener.builder(id + "-redirect")
                .context(context)
                .config(https.config().withoutTls(id + "-redirect", redirect, port))
                .limits(config)
                .metrics(context.metrics())
                .interceptors(all -> all.remove(StandardInterceptors.CORS).add(StandardInterceptors.HTTPS, redirects))
                .build();
    }

    private Protocols protocols() {
        Protocols running = protocols;
        if (running == null) {
            throw new IllegalStateException("http server " + id + ": not started");
        }
        return running;
    }

    /**
     * Returns the port that it listens on, the actual one if the configuration has 0; 0 while it is not open.
     *
     * @throws IllegalStateException if it was never started
     */
    public int port() {
        return protocols().listener().port();
    }

    /**
     * Returns the URL at which it can be reached, such as {@code http://localhost:8080}.
     *
     * @throws IllegalStateException if it is not open
     */
    public String url() {
        return protocols().url();
    }

    /** Describes a server. Not thread-safe. */
    public static final class Builder {
        private String id = HTTP;
        private @Nullable String section;
        private Consumer<Routes> routes = _ -> {};
        private final Interceptors interceptors = new Interceptors();
        private @Nullable JsonCodec json;
        private @Nullable RequestValidator validator;

        private Builder() {}

        /**
         * Sets the id of a second server. Its routes are shared as {@code <id>.routes}; its listener is the plugin
         * {@code <id>.listener}.
         */
        public Builder id(String id) {
            this.id = id;
            return this;
        }

        /** Sets the section of the configuration; {@code lynx.} and the id if not set. */
        public Builder section(String section) {
            this.section = section;
            return this;
        }

        /** Adds routes; {@code routes} is called at each start. */
        public Builder routes(Consumer<Routes> routes) {
            this.routes = this.routes.andThen(routes);
            return this;
        }

        /**
         * Adds interceptors around every request of the server, those of plugins' routes and those that no route answers included,
         * or replaces or removes the ones that every server has.
         */
        public Builder interceptors(Consumer<Interceptors> interceptors) {
            interceptors.accept(this.interceptors);
            return this;
        }

        /** Sets what reads and writes JSON bodies; the codec of the application if not set. */
        public Builder json(JsonCodec codec) {
            this.json = codec;
            return this;
        }

        /** Sets what checks the bodies and parameters that handlers read by {@link Request#json} and {@link Request#bind}. */
        public Builder validator(RequestValidator validator) {
            this.validator = validator;
            return this;
        }

        /** Returns the server, to be added to an application. */
        public HttpServer build() {
            return new HttpServer(this);
        }
    }
}
