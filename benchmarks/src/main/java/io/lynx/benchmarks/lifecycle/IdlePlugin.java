package io.lynx.benchmarks.lifecycle;

import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.time.Deadline;
import java.time.Duration;
import java.util.List;

/** A plugin that does nothing but may sleep in its stop, and measures how long that took. */
final class IdlePlugin implements Plugin {
    private final List<IdlePlugin> dependencies;
    private final Duration stopTime;
    private final PluginDescriptor descriptor;
    private volatile long stopNanos;

    IdlePlugin(String id, List<IdlePlugin> dependencies, Duration stopTime) {
        this.dependencies = dependencies;
        this.stopTime = stopTime;
        PluginDescriptor.Builder describing = PluginDescriptor.of(id);
        dependencies.forEach(other -> describing.requires(other.descriptor.id()));
        this.descriptor = describing.build();
    }

    @Override
    public PluginDescriptor descriptor() {
        return descriptor;
    }

    @Override
    public void start(PluginContext context) {}

    @Override
    public void stop(Deadline deadline) throws InterruptedException {
        if (!stopTime.isZero()) {
            long began = System.nanoTime();
            Thread.sleep(stopTime);
            stopNanos = System.nanoTime() - began;
        }
    }

    List<IdlePlugin> dependencies() {
        return dependencies;
    }

    /** Returns how long its own stop took. */
    long stopNanos() {
        return stopNanos;
    }
}
