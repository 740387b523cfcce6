package io.lynx.app;

import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.time.Deadline;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A plugin that writes down what is done to it and does what a test tells it. */
final class RecordingPlugin implements Plugin {
    /** What a test has it do. */
    interface Action {
        void run(PluginContext context) throws Exception;
    }

    final List<String> journal = new CopyOnWriteArrayList<>();
    private final PluginDescriptor descriptor;
    private final Action onStart;
    volatile @Nullable PluginContext context;

    RecordingPlugin(String id, UnaryOperator<PluginDescriptor.Builder> description, Action onStart) {
        this.descriptor = description.apply(PluginDescriptor.of(id)).build();
        this.onStart = onStart;
    }

    static RecordingPlugin named(String id) {
        return new RecordingPlugin(id, it -> it, context -> {});
    }

    static RecordingPlugin starting(String id, Action onStart) {
        return new RecordingPlugin(id, it -> it, onStart);
    }

    @Override
    public PluginDescriptor descriptor() {
        return descriptor;
    }

    @Override
    public void start(PluginContext context) throws Exception {
        this.context = context;
        journal.add("start");
        onStart.run(context);
    }

    @Override
    public void stop(Deadline deadline) {
        journal.add("stop");
    }
}
