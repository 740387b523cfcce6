package io.lynx.http;

import io.lynx.extension.ResourceKey;
import io.lynx.http.engine.FailureReporter;
import io.lynx.json.JsonCodec;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.recovery.ErrorRecoveryManager;
import io.lynx.time.Deadline;
import io.lynx.transport.SocketGate;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP server as a plugin: {@code http}, configured by {@code lynx.http}. Its listener opens when every plugin has
 * started. Other plugins add routes through {@link #ROUTES}. Its id is the label {@code protocol} of its metrics. Thread-safe.
 */
public final class HttpServer implements Plugin {
    /** The routes of the server {@code http}, for plugins that use it. */
    public static final ResourceKey<ServerRoutes> ROUTES = ResourceKey.of("http.routes", ServerRoutes.class);

    private final String id;
    private final String section;
    private final @Nullable HttpConfig fixedConfig;
    private final Consumer<Routes> ownRoutes;
    private final List<InterceptorChange> interceptors;
    private final int eventLoops;
    private final @Nullable JsonCodec json;
    private final PluginDescriptor descriptor;
    private volatile @Nullable HttpListener listener;

    private HttpServer(Builder builder) {
        this.id = builder.id;
        this.section = builder.section;
        this.fixedConfig = builder.config;
        this.ownRoutes = builder.routes;
        this.interceptors = builder.interceptors.changes();
        this.eventLoops = builder.eventLoops;
        this.json = builder.json;
        PluginDescriptor.Builder described =
                PluginDescriptor.of(id).name("HTTP server").weight(100);
        this.descriptor = fixedConfig == null
                ? described.config(section, HttpConfig.class).build()
                : described.build();
    }

    /** Returns the server {@code http} with these routes, configured by {@code lynx.http}. */
    public static HttpServer with(Consumer<Routes> routes) {
        return builder().routes(routes).build();
    }

    /** Returns a builder of a server; what is not set is as in {@link #with}. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public PluginDescriptor descriptor() {
        return descriptor;
    }

    @Override
    public void start(PluginContext context) {
        HttpConfig config = fixedConfig == null ? context.config(HttpConfig.class) : fixedConfig;
        Routes own = new Routes();
        ownRoutes.accept(own);
        ServerRoutes routes = new ServerRoutes(own, interceptors);
        HttpListener.Builder building = HttpListener.builder(id)
                .section(section)
                .config(config)
                .routes(routes)
                .context(context)
                .metrics(context.metrics())
                .gate(SocketGate.prepare(
                        task -> context.threads().newThread(task).start()));
        building.failures(new FailureReporter(
                id, context.findResource(ErrorRecoveryManager.KEY).orElse(null)));
        if (json != null) {
            building.json(json);
        }
        if (eventLoops > 0) {
            building.eventLoops(eventLoops);
        }
        HttpListener made = building.build();
        listener = made;
        context.share(id.equals("http") ? ROUTES : ResourceKey.of(id + ".routes", ServerRoutes.class), routes);
        context.traffic(made);
    }

    @Override
    public void stop(Deadline deadline) {
        HttpListener running = listener;
        if (running != null) {
            running.close();
        }
    }

    /**
     * Returns the port that it listens on, the actual one if the configuration has 0; 0 while it is not open.
     *
     * @throws IllegalStateException if it was never started
     */
    public int port() {
        return listener().port();
    }

    /**
     * Returns the URL at which it can be reached, such as {@code http://localhost:8080}.
     *
     * @throws IllegalStateException if it is not open
     */
    public String url() {
        return listener().url();
    }

    /**
     * Returns the listener, which has the counts.
     *
     * @throws IllegalStateException if it was never started
     */
    public HttpListener listener() {
        HttpListener running = listener;
        if (running == null) {
            throw new IllegalStateException("http server " + id + ": not started");
        }
        return running;
    }

    /** Describes a server. Not thread-safe. */
    public static final class Builder {
        private String id = "http";
        private String section = "lynx.http";
        private @Nullable HttpConfig config;
        private Consumer<Routes> routes = _ -> {};
        private final Interceptors interceptors = new Interceptors();
        private int eventLoops;
        private @Nullable JsonCodec json;

        private Builder() {}

        /** Sets the id of a second server; its routes are shared as {@code <id>.routes}. */
        public Builder id(String id) {
            this.id = id;
            return this;
        }

        /** Sets the section of the configuration; {@code lynx.http} if not set. */
        public Builder section(String section) {
            this.section = section;
            return this;
        }

        /** Sets a configuration that is used instead of a section. */
        public Builder config(HttpConfig config) {
            this.config = config;
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

        /** Sets the number of event loops that serve it; the number of processors if not set. */
        public Builder eventLoops(int count) {
            this.eventLoops = count;
            return this;
        }

        /** Returns the server, to be added to an application. */
        public HttpServer build() {
            return new HttpServer(this);
        }
    }
}
