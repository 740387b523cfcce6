package io.lynx.container;

import io.lynx.context.Tracing;
import io.lynx.extension.Registration;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.plugin.PluginState;
import io.lynx.plugin.PluginStatus;
import io.lynx.plugin.TrafficListener;
import io.lynx.time.Deadline;
import java.util.ArrayList;
import java.util.List;

/**
 * The context of one plugin without an application around it, for tests of a single plugin: the same context, with the same rules,
 * that the plugin receives from a container. Thread-safe.
 */
public final class DetachedPlugin {
    private final PluginDescriptor descriptor;
    private final PluginScope scope;

    /**
     * Creates the context.
     *
     * @param tracing shared with the plugin, as every application does
     */
    public DetachedPlugin(PluginDescriptor descriptor, PluginServices services, Tracing tracing) {
        SharedResources shared = new SharedResources();
        Registration _ = shared.share("lynx", Tracing.KEY, tracing);
        this.descriptor = descriptor;
        this.scope = new PluginScope(descriptor, services, shared, this::status, (_, _, _) -> {});
    }

    private PluginStatus status() {
        return new PluginStatus(descriptor, PluginState.RUNNING, List.of(), null, null, 0, null);
    }

    /** Returns the context. */
    public PluginContext context() {
        return scope.context();
    }

    /** Returns the listeners that the plugin has registered. */
    public List<TrafficListener> trafficListeners() {
        return scope.trafficListeners().stream().map(GuardedListener::listener).toList();
    }

    /**
     * Closes what the plugin has opened and registered, as its stop does.
     *
     * @return what went wrong; a thread that does not end is among it
     */
    public List<Throwable> close(Deadline deadline) {
        PluginScope.Leftovers left = scope.close(deadline);
        List<Throwable> problems = new ArrayList<>(left.failures());
        left.threads()
                .forEach(thread -> problems.add(new IllegalStateException("thread '" + thread + "' did not end")));
        return problems;
    }
}
