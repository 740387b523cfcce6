package io.lynx.grpc.client;

import io.lynx.extension.ResourceKey;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.time.Deadline;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A client of a gRPC service as a plugin: {@code client.<name>}, configured by {@code lynx.clients.<name>}. A plugin that makes calls
 * names it as its {@linkplain Plugin#companions companion}, requires its id, and finds the channel as the resource {@link #key}. It
 * stops after the plugins that require it, and its stop waits for calls in flight. Thread-safe.
 */
public final class GrpcClientPlugin implements Plugin {
    private final String name;
    private final Consumer<GrpcChannelBuilder> code;
    private volatile @Nullable GrpcChannel channel;

    /** Creates the client of this name, which is not started. */
    public GrpcClientPlugin(String name) {
        this(name, _ -> {});
    }

    /**
     * Creates the client of this name with what configuration cannot say, such as credentials or interceptors.
     *
     * @param code receives a builder with the configuration at each start; what it sets has the last word
     */
    public GrpcClientPlugin(String name, Consumer<GrpcChannelBuilder> code) {
        this.name = name;
        this.code = code;
    }

    /** Returns the id of the plugin of the client {@code name}. */
    public static String id(String name) {
        return "client." + name;
    }

    /** Returns the key under which the plugin shares the channel of the client {@code name}. */
    public static ResourceKey<GrpcChannel> key(String name) {
        return ResourceKey.of(id(name), GrpcChannel.class);
    }

    @Override
    public PluginDescriptor descriptor() {
        return PluginDescriptor.of(id(name))
                .name("gRPC client " + name)
                .weight(100)
                .config("lynx.clients." + name, GrpcClientConfig.class)
                .build();
    }

    @Override
    public void start(PluginContext context) {
        GrpcChannelBuilder builder = new GrpcChannelBuilder(name, context.config(GrpcClientConfig.class));
        code.accept(builder);
        GrpcChannel made = builder.build(context);
        channel = made;
        var _ = context.share(key(name), made);
    }

    @Override
    public void stop(Deadline deadline) throws InterruptedException {
        GrpcChannel running = channel;
        if (running != null) {
            running.close(deadline);
        }
    }

    /**
     * Returns the channel.
     *
     * @throws IllegalStateException if the plugin was never started
     */
    public GrpcChannel channel() {
        GrpcChannel running = channel;
        if (running == null) {
            throw new IllegalStateException("client " + name + ": not started");
        }
        return running;
    }
}
