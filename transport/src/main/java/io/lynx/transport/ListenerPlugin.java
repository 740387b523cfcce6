package io.lynx.transport;

import io.lynx.extension.ResourceKey;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.time.Deadline;
import org.jspecify.annotations.Nullable;

/**
 * An address of an application as a plugin. The plugin {@code listener} is that of the service, configured by {@code lynx.http};
 * others have a section of their own. Protocols register through {@link Protocols}: a plugin with a protocol names the listener as
 * its {@linkplain Plugin#companions companion} and requires its id. The address opens when the plugins have started. Thread-safe.
 */
public final class ListenerPlugin implements Plugin {
    /** The id of the service's listener. */
    public static final String ID = "listener";

    private final String id;
    private final String name;
    private final String section;

    private volatile @Nullable SharedListener listener;

    /** Creates the listener of the service, which is not started. */
    public ListenerPlugin() {
        this(ID, "http", "lynx.http");
    }

    /**
     * Creates a listener, which is not started.
     *
     * @param id the id of the plugin
     * @param name the name of the listener in logs, reports and thread names
     * @param section the section with its address and limits
     */
    public ListenerPlugin(String id, String name, String section) {
        this.id = id;
        this.name = name;
        this.section = section;
    }

    /** Returns the key of the protocols of the listener {@code id}. */
    public static ResourceKey<Protocols> protocols(String id) {
        return id.equals(ID) ? Protocols.KEY : ResourceKey.of(id + ".protocols", Protocols.class);
    }

    /**
     * Opens another address for the plugin of {@code context}, when the plugins have started.
     *
     * @return its protocols; the plugin closes their listener in its stop
     */
    public static Protocols listen(PluginContext context, ListenerConfig config) {
        SharedListener made = new SharedListener(context, config);
        context.traffic(made);
        return made;
    }

    @Override
    public PluginDescriptor descriptor() {
        return PluginDescriptor.of(id)
                .name("Listener")
                .weight(100)
                .config(section, ListenerSection.class)
                .build();
    }

    @Override
    public void start(PluginContext context) {
        ListenerConfig config = context.config(ListenerSection.class).listener(name, section);
        SharedListener made = new SharedListener(context, config);
        listener = made;
        context.share(protocols(id), made);
        context.traffic(made);
        if (config.tls().isPresent()) {
            CertificateCheck.register(context, name, made.listener());
        }
    }

    @Override
    public void stop(Deadline deadline) {
        SharedListener running = listener;
        if (running != null) {
            running.close();
        }
    }
}
