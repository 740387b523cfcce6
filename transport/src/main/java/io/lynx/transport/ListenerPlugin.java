package io.lynx.transport;

import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.time.Deadline;
import org.jspecify.annotations.Nullable;

/**
 * The plugin {@code listener}: one address of an application, configured by {@code lynx.http}, on which protocols register
 * through {@link Protocols}. A plugin with a protocol names it as its {@linkplain Plugin#companions companion} and requires
 * {@code listener}. The listener opens when every plugin has started. Thread-safe.
 */
public final class ListenerPlugin implements Plugin {
    /** The id of the plugin. */
    public static final String ID = "listener";

    private static final String SECTION = "lynx.http";

    private volatile @Nullable SharedListener listener;

    /** Creates the plugin, which is not started. */
    public ListenerPlugin() {}

    @Override
    public PluginDescriptor descriptor() {
        return PluginDescriptor.of(ID)
                .name("Listener")
                .weight(100)
                .config(SECTION, ListenerSection.class)
                .build();
    }

    @Override
    public void start(PluginContext context) {
        int eventLoops = Runtime.getRuntime().availableProcessors();
        ListenerConfig config = context.config(ListenerSection.class).listener("http", SECTION, eventLoops);
        SharedListener made = new SharedListener(context, config);
        listener = made;
        context.share(Protocols.KEY, made);
        context.traffic(made);
    }

    @Override
    public void stop(Deadline deadline) {
        SharedListener running = listener;
        if (running != null) {
            running.close();
        }
    }
}
