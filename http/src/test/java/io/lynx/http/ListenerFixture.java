package io.lynx.http;

import io.lynx.extension.ResourceKey;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.plugin.TrafficListener;
import io.lynx.testkit.RecordingContext;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import io.lynx.transport.ListenerPlugin;
import io.lynx.transport.ListenerSection;
import io.lynx.transport.Protocols;
import java.time.Duration;
import java.util.function.Function;

/** The listener that a server requires, on a free port of the loopback, for a server that a test starts itself. */
final class ListenerFixture implements AutoCloseable {
    private final ListenerPlugin plugin;
    private final RecordingContext context;

    private ListenerFixture(ListenerPlugin plugin, RecordingContext context) {
        this.plugin = plugin;
        this.context = context;
    }

    /** Starts the listener of the server whose context is {@code server}, and shares its protocols with that context. */
    static ListenerFixture start(RecordingContext server) {
        return start(server, RecordingContext::onRealTime);
    }

    /** Starts the listener with a context that {@code contexts} makes. */
    static ListenerFixture start(
            RecordingContext server, Function<? super PluginDescriptor, RecordingContext> contexts) {
        String id = server.id().equals("http") ? ListenerPlugin.ID : server.id() + "." + ListenerPlugin.ID;
        ListenerPlugin plugin = new ListenerPlugin(id, server.id(), "lynx." + server.id());
        RecordingContext context = contexts.apply(plugin.descriptor())
                .config(ListenerSection.defaults().withAddress("127.0.0.1", 0));
        plugin.start(context);
        ResourceKey<Protocols> key = ListenerPlugin.protocols(id);
        server.share(key, context.resource(key));
        return new ListenerFixture(plugin, context);
    }

    TrafficListener traffic() {
        return context.trafficListeners().getFirst();
    }

    @Override
    public void close() {
        plugin.stop(Deadline.after(Duration.ofSeconds(1), Ticker.system()));
        context.close();
    }
}
