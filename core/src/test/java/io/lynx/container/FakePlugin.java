package io.lynx.container;

import io.lynx.health.Health;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.time.Deadline;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A plugin that does what a test tells it, and writes down in a shared journal what was done to it. */
final class FakePlugin implements Plugin {
    /** What a test has a plugin do. */
    interface Action<T> {
        void run(T argument) throws Exception;
    }

    final CountDownLatch startCalled = new CountDownLatch(1);
    final CountDownLatch stopCalled = new CountDownLatch(1);
    final AtomicInteger starts = new AtomicInteger();
    final AtomicInteger stops = new AtomicInteger();
    private final PluginDescriptor descriptor;
    private final List<String> journal;
    private Action<PluginContext> onStart = context -> {};
    private Action<Deadline> onStop = deadline -> {};
    volatile @Nullable PluginContext context;
    volatile @Nullable Deadline stopDeadline;

    FakePlugin(List<String> journal, String id, UnaryOperator<PluginDescriptor.Builder> description) {
        this.journal = journal;
        this.descriptor = description.apply(PluginDescriptor.of(id)).build();
    }

    static List<String> journal() {
        return new CopyOnWriteArrayList<>();
    }

    FakePlugin onStart(Action<PluginContext> action) {
        this.onStart = action;
        return this;
    }

    FakePlugin onStop(Action<Deadline> action) {
        this.onStop = action;
        return this;
    }

    @Override
    public PluginDescriptor descriptor() {
        return descriptor;
    }

    @Override
    public void start(PluginContext context) throws Exception {
        this.context = context;
        starts.incrementAndGet();
        journal.add("start " + descriptor.id());
        startCalled.countDown();
        onStart.run(context);
        journal.add("started " + descriptor.id());
    }

    @Override
    public void stop(Deadline deadline) throws Exception {
        stopDeadline = deadline;
        stops.incrementAndGet();
        journal.add("stop " + descriptor.id());
        stopCalled.countDown();
        onStop.run(deadline);
        journal.add("stopped " + descriptor.id());
    }

    @Override
    public Health health() {
        return Health.up();
    }
}
