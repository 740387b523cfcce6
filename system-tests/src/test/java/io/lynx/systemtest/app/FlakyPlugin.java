package io.lynx.systemtest.app;

import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A plugin whose one thread dies while it is broken, as soon as it is or at each start. */
final class FlakyPlugin implements Plugin {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean broken;

    @Override
    public PluginDescriptor descriptor() {
        return PluginDescriptor.of("flaky").build();
    }

    @Override
    public void start(PluginContext context) {
        context.threads().newThread(this::work).start();
    }

    private void work() {
        lock.lock();
        try {
            while (!broken) {
                changed.await();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return;
        } finally {
            lock.unlock();
        }
        throw new IllegalStateException("flaky broke as scripted");
    }

    /** Breaks or mends it, over restarts too. */
    void broken(boolean isBroken) {
        lock.lock();
        try {
            broken = isBroken;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
