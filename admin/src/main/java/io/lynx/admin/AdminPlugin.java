package io.lynx.admin;

import io.lynx.app.ApplicationView;
import io.lynx.context.Tracing;
import io.lynx.extension.ResourceKey;
import io.lynx.http.HttpConfig;
import io.lynx.http.HttpListener;
import io.lynx.http.Routes;
import io.lynx.metrics.MetricsConfig;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The management port: metrics, health and debug pages on {@code lynx.metrics.prometheus.port}. It opens before any
 * other plugin starts, so that {@code /health/started} answers while they start, and closes after all others have
 * stopped. {@link ServicePages} puts the same pages, except metrics, on the service's port. Thread-safe.
 */
public final class AdminPlugin implements Plugin {
    /** The id of this plugin. */
    public static final String ID = "admin";

    /** The management listener. Plugins use it to add routes before it opens, and to find its port. */
    public static final ResourceKey<HttpListener> LISTENER = ResourceKey.of("admin.listener", HttpListener.class);

    private static final Logger log = LoggerFactory.getLogger(AdminPlugin.class);

    static final ResourceKey<Operations> OPERATIONS = ResourceKey.of("admin.operations", Operations.class);

    /** The time in which a scraper must read its answer: twice the time limit of one piece of any answer. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Duration patience;
    private volatile @Nullable HttpListener running;

    /** Creates the plugin; it opens nothing before it is started. */
    public AdminPlugin() {
        this(PATIENCE);
    }

    AdminPlugin(Duration patience) {
        this.patience = patience;
    }

    @Override
    public PluginDescriptor descriptor() {
        return PluginDescriptor.of(ID)
                .name("Operations endpoints")
                .management()
                .automatic()
                .config("lynx.admin", AdminConfig.class)
                .build();
    }

    @Override
    public void start(PluginContext context) throws Exception {
        AdminConfig config = context.config(AdminConfig.class);
        if (!config.enabled()) {
            return;
        }
        ApplicationView application = context.resource(ApplicationView.KEY);
        ConnectionOwner owners = new ConnectionOwner();
        Optional<Tracing> tracing = context.findResource(Tracing.KEY);
        Operations operations = new Operations(
                application,
                () -> tracing.map(Tracing::recentRequests).orElse(List.of()),
                config,
                config.token().or(() -> OneTimeToken.print(owners)),
                owners);
        context.share(OPERATIONS, operations);
        MetricsConfig metrics = context.config(MetricsConfig.SECTION);
        MetricsConfig.Prometheus address = metrics.prometheus();
        if (!address.enabled()) {
            return;
        }
        Routes routes = new Routes();
        operations.addTo(routes, true);
        new MetricsPage(application, metrics.enabled(), context.ticker(), patience).addTo(routes);
        HttpListener listener = HttpListener.builder("management")
                .section("lynx.metrics.prometheus")
                .address(address.host().name(), address.port())
                .maxConnections(Operations.MAX_CONNECTIONS)
                .limits(HttpConfig.defaults()
                        .withMaxBodySize(Operations.MAX_BODY)
                        .withMaxInFlight(Operations.MAX_CONNECTIONS)
                        .withStallTimeout(patience.dividedBy(2)))
                .routes(routes)
                .context(context)
                .eventLoops(1)
                .replaceIdle()
                .build();
        context.own(listener).open();
        running = listener;
        context.share(LISTENER, listener);
        log.atInfo().addKeyValue("url", listener.url()).log("Management port: {}", listener.url());
    }

    /**
     * Returns the URL of the management port, such as {@code http://localhost:9090}.
     *
     * @throws IllegalStateException if it is not open
     */
    public String url() {
        HttpListener listener = running;
        if (listener == null) {
            throw new IllegalStateException("management port: not open; it requires lynx.admin.enabled and"
                    + " lynx.metrics.prometheus.enabled");
        }
        return listener.url();
    }
}
