package io.lynx.grpc;

import io.grpc.BindableService;
import io.lynx.app.ApplicationView;
import io.lynx.extension.Registration;
import io.lynx.extension.ResourceKey;
import io.lynx.grpc.engine.CallAuthentication;
import io.lynx.grpc.engine.GrpcProtocol;
import io.lynx.grpc.engine.HealthService;
import io.lynx.grpc.engine.ReflectionService;
import io.lynx.grpc.engine.RpcLog;
import io.lynx.grpc.engine.RpcMetrics;
import io.lynx.grpc.engine.RpcServer;
import io.lynx.grpc.engine.ServiceList;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.security.Authenticator;
import io.lynx.time.Deadline;
import io.lynx.transport.Listener;
import io.lynx.transport.ListenerPlugin;
import io.lynx.transport.Protocols;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The gRPC server as a plugin: {@code grpc}, configured by {@code lynx.grpc}. It serves the calls that arrive at the plugin {@code
 * listener}, beside HTTP, or on a port of its own. Other plugins add services through {@link #SERVICES}. It also serves {@code
 * grpc.health.v1.Health} and, if the configuration says so, {@code grpc.reflection.v1.ServerReflection}. Thread-safe.
 */
public final class GrpcServer implements Plugin {
    /** The id of this plugin. */
    public static final String ID = "grpc";

    /** The services of the server, for plugins that add some. */
    public static final ResourceKey<GrpcServices> SERVICES = ResourceKey.of("grpc.services", GrpcServices.class);

    private static final String SECTION = "lynx.grpc";

    /** The id of the plugin that shares an authenticator, if there is one. */
    private static final String SECURITY = "security";

    private final List<BindableService> own;
    private final CallInterceptors interceptors;
    private volatile @Nullable Protocols protocols;

    /** What serves the calls at the protocols; it stays registered while the server restarts, and refuses calls meanwhile. */
    private volatile @Nullable GrpcProtocol protocol;

    /** The services of the most recent start. */
    private volatile @Nullable ServiceList started;

    /** Returns a server without services of its own: plugins add them. */
    public GrpcServer() {
        this(builder());
    }

    private GrpcServer(Builder builder) {
        this.own = List.copyOf(builder.services);
        this.interceptors = builder.interceptors;
    }

    /** Returns a server with these services. */
    public static GrpcServer with(BindableService... services) {
        return builder().services(services).build();
    }

    /** Returns a builder of a server. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public PluginDescriptor descriptor() {
        return PluginDescriptor.of(ID)
                .name("gRPC server")
                .weight(100)
                .requires(ListenerPlugin.ID)
                .uses(SECURITY)
                .config(SECTION, GrpcConfig.class)
                .build();
    }

    @Override
    public List<Plugin> companions() {
        return List.of(new ListenerPlugin());
    }

    @Override
    public void start(PluginContext context) {
        GrpcConfig config = context.config(GrpcConfig.class);
        ServiceList services = new ServiceList(
                interceptors.plan(),
                // Of this start: when the plugin security stops, this one has stopped before.
                new CallAuthentication(context.findResource(Authenticator.KEY).orElse(null), config.defaultAccess()));
        own.forEach(service -> services.addOwn(ServiceOptions.defaults(), service, false));
        Optional<ApplicationView> application = context.findResource(ApplicationView.KEY);
        if (application.isPresent()) {
            HealthService health = context.own(new HealthService(application.get(), services));
            services.addOwn(ServiceOptions.defaults(), health, true);
        }
        if (config.reflection()) {
            services.addOwn(ServiceOptions.defaults(), ReflectionService.v1(services), false);
            services.addOwn(ServiceOptions.defaults(), ReflectionService.v1alpha(services), false);
        }
        ServiceList before = started;
        if (before != null) {
            services.addAbsent(before);
        }
        started = services;
        RpcMetrics metrics = new RpcMetrics(context.metrics().registry(), RpcServer.nanos(config.slowRequest()));
        serve(context, config, services, metrics);
        context.share(SERVICES, new GrpcServices(services));
    }

    private void serve(PluginContext context, GrpcConfig config, ServiceList services, RpcMetrics metrics) {
        Protocols listening = context.resource(Protocols.KEY);
        boolean isAlone = config.port().isPresent();
        if (isAlone) {
            listening = ListenerPlugin.listen(
                    context,
                    listening
                            .listener()
                            .config()
                            .withPort(ID, SECTION, config.port().get()));
        }
        Listener listener = listening.listener();
        RpcLog log = config.accessLog() == GrpcConfig.AccessLog.OFF
                ? null
                : context.own(new RpcLog(metrics.droppedLines()::add));
        RpcServer server = new RpcServer(context, config, services, listener, interceptors.plan(), metrics, log);
        GrpcProtocol serving = protocol;
        if (serving == null || !listening.equals(protocols)) {
            serving = new GrpcProtocol(server, isAlone);
            Registration _ = listening.register(ID, isAlone ? Protocols.GENERAL : Protocols.SPECIFIC, serving);
            protocol = serving;
            protocols = listening;
        } else {
            serving.serve(server);
        }
        if (isAlone) {
            Registration _ = context.own(metrics.show(listener.inFlight()::current, listener::openConnections));
        }
    }

    @Override
    public void stop(Deadline deadline) {
        GrpcProtocol serving = protocol;
        Protocols listening = protocols;
        if (serving != null && listening != null) {
            serving.suspend();
            if (serving.isAlone()) {
                listening.listener().close();
            }
        }
    }

    private Protocols protocols() {
        Protocols running = protocols;
        if (running == null) {
            throw new IllegalStateException("grpc server: not started");
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

    /** Describes a server. Not thread-safe. */
    public static final class Builder {
        private final List<BindableService> services = new ArrayList<>();
        private final CallInterceptors interceptors = new CallInterceptors();

        private Builder() {}

        /** Adds services of the application itself. */
        public Builder services(BindableService... added) {
            services.addAll(List.of(added));
            return this;
        }

        /**
         * Adds interceptors around every call of a known method, those of plugins' services included, or replaces or removes the ones that
         * every server has.
         */
        public Builder interceptors(Consumer<CallInterceptors> changes) {
            changes.accept(interceptors);
            return this;
        }

        /** Returns the server, to be added to an application. */
        public GrpcServer build() {
            return new GrpcServer(this);
        }
    }
}
