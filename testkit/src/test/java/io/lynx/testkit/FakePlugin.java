package io.lynx.testkit;

import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.time.Deadline;

/** A plugin that does what a test says. */
final class FakePlugin implements Plugin {
    private final PluginDescriptor descriptor;
    private final Start start;
    private Stop stop = _ -> {};

    @FunctionalInterface
    interface Start {
        void start(PluginContext context) throws Exception;
    }

    @FunctionalInterface
    interface Stop {
        void stop(Deadline deadline) throws Exception;
    }

    private FakePlugin(PluginDescriptor descriptor, Start start) {
        this.descriptor = descriptor;
        this.start = start;
    }

    static FakePlugin named(String id) {
        return starting(id, _ -> {});
    }

    static FakePlugin starting(String id, Start start) {
        return new FakePlugin(PluginDescriptor.of(id).build(), start);
    }

    static FakePlugin starting(PluginDescriptor descriptor, Start start) {
        return new FakePlugin(descriptor, start);
    }

    FakePlugin stopping(Stop action) {
        stop = action;
        return this;
    }

    @Override
    public PluginDescriptor descriptor() {
        return descriptor;
    }

    @Override
    public void start(PluginContext context) throws Exception {
        start.start(context);
    }

    @Override
    public void stop(Deadline deadline) throws Exception {
        stop.stop(deadline);
    }
}
