package io.lynx.http.client;

import io.lynx.extension.ResourceKey;
import io.lynx.http.client.engine.telemetry.CallMetrics;
import io.lynx.metrics.Metric;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.time.Deadline;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A client as a plugin: {@code client.<name>}, configured by {@code lynx.clients.<name>}. A plugin that makes calls names it as
 * its {@linkplain Plugin#companions companion}, requires its id, and finds the client as the resource {@link #key}. It stops
 * after the plugins that require it, and its stop waits for calls in flight. Thread-safe.
 */
public final class HttpClientPlugin implements Plugin {
    /** The metrics of clients, in the order of the reference page. */
    public static final List<Metric> METRICS = CallMetrics.ALL;

    private final String name;
    private final Consumer<HttpClientBuilder> code;
    private volatile @Nullable HttpClient client;

    /** Creates the client of this name, which is not started. */
    public HttpClientPlugin(String name) {
        this(name, _ -> {});
    }

    /**
     * Creates the client of this name with what configuration cannot say, such as a discovery.
     *
     * @param code receives a builder with the configuration at each start; what it sets has the last word
     */
    public HttpClientPlugin(String name, Consumer<HttpClientBuilder> code) {
        this.name = name;
        this.code = code;
    }

    /** Returns the id of the plugin of the client {@code name}. */
    public static String id(String name) {
        return "client." + name;
    }

    /** Returns the key under which the plugin shares the client {@code name}. */
    public static ResourceKey<HttpClient> key(String name) {
        return ResourceKey.of(id(name), HttpClient.class);
    }

    @Override
    public PluginDescriptor descriptor() {
        return PluginDescriptor.of(id(name))
                .name("HTTP client " + name)
                .weight(100)
                .config("lynx.clients." + name, ClientConfig.class)
                .build();
    }

    @Override
    public void start(PluginContext context) {
        HttpClientBuilder builder = new HttpClientBuilder(name, context.config(ClientConfig.class));
        code.accept(builder);
        HttpClient made = builder.build(context);
        client = made;
        var _ = context.share(key(name), made);
    }

    @Override
    public void stop(Deadline deadline) throws InterruptedException {
        HttpClient running = client;
        if (running != null) {
            running.close(deadline);
        }
    }

    /**
     * Returns the client.
     *
     * @throws IllegalStateException if the plugin was never started
     */
    public HttpClient client() {
        HttpClient running = client;
        if (running == null) {
            throw new IllegalStateException("client " + name + ": not started");
        }
        return running;
    }
}
