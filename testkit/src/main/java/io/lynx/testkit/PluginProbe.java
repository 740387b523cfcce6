package io.lynx.testkit;

import io.lynx.health.Health;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.time.Deadline;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Stands between the container and a plugin of a test. Thread-safe. */
final class PluginProbe implements Plugin {
    private final PluginProbes probes;
    private volatile Plugin plugin;
    private volatile @Nullable String id;
    private volatile @Nullable PluginContext context;
    private volatile @Nullable Call call;

    /**
     * What a thread is doing in the plugin.
     *
     * @param method the method that it has called
     */
    record Call(String method, Thread thread) {}

    PluginProbe(Plugin plugin, PluginProbes probes) {
        this.plugin = plugin;
        this.probes = probes;
    }

    /** Returns the id of the plugin; null before its descriptor is known. */
    @Nullable
    String id() {
        return id;
    }

    /** Returns the class of the plugin. */
    String pluginClass() {
        return plugin.getClass().getName();
    }

    /** Returns the context of the present start; null if the plugin is not up. */
    @Nullable
    PluginContext context() {
        return context;
    }

    /** Returns the start or stop that is in progress. */
    @Nullable
    Call call() {
        return call;
    }

    @Override
    public PluginDescriptor descriptor() {
        PluginDescriptor descriptor = plugin.descriptor();
        Plugin replacement = probes.replacementOf(descriptor);
        if (replacement != null) {
            plugin = replacement;
            descriptor = replacement.descriptor();
        }
        id = descriptor.id();
        probes.add(descriptor.id(), this);
        return descriptor;
    }

    @Override
    public List<Plugin> companions() {
        return plugin.companions();
    }

    private FaultPlan faults() {
        return probes.faults(String.valueOf(id));
    }

    @Override
    public void start(PluginContext started) throws Exception {
        call = new Call("start", Thread.currentThread());
        try {
            Set<String> before = probes.beforeStart(started);
            context = started;
            try {
                faults().on(FaultPlan.Point.START);
                plugin.start(started);
            } finally {
                probes.afterStart(started.id(), started, before);
            }
        } finally {
            call = null;
        }
    }

    @Override
    public void stop(Deadline deadline) throws Exception {
        call = new Call("stop", Thread.currentThread());
        try {
            faults().on(FaultPlan.Point.STOP);
            plugin.stop(deadline);
        } finally {
            context = null;
            call = null;
        }
    }

    @Override
    public Health health() throws Exception {
        faults().on(FaultPlan.Point.HEALTH);
        Health instead = faults().health();
        return instead == null ? plugin.health() : instead;
    }
}
