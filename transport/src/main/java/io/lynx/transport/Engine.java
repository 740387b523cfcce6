package io.lynx.transport;

import io.lynx.extension.ResourceKey;
import io.lynx.plugin.PluginContext;
import io.lynx.transport.engine.VertxEngine;
import java.util.Optional;

/**
 * The event loops and the allocator of one application, shared by its listeners and clients. Its threads start with the first
 * listener or connection that opens, and end when the last listener and connector is closed. Thread-safe.
 */
public interface Engine {
    /** The engine of an application, shared by the first plugin that needs it. */
    ResourceKey<Engine> KEY = ResourceKey.of("transport.engine", Engine.class);

    /** Returns the engine of the application that {@code context} belongs to. */
    static Engine of(PluginContext context) {
        Optional<Engine> known = context.findResource(KEY);
        if (known.isPresent()) {
            return known.get();
        }
        Engine made = create();
        try {
            context.share(KEY, made);
            return made;
        } catch (IllegalStateException sharedMeanwhile) {
            return context.findResource(KEY).orElse(made);
        }
    }

    /** Returns an engine of its own; no thread starts before a listener opens. */
    static Engine create() {
        return new VertxEngine();
    }

    /** Returns a listener that is not open. */
    Listener listener(ListenerSpec spec);

    /** Returns what opens connections to servers, over the same event loops. */
    Connector connector(ConnectorSpec spec);
}
