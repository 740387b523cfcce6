package io.lynx.container;

import io.lynx.context.RequestContext;
import io.lynx.os.ExitCall;
import io.lynx.time.Deadline;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;

/** The virtual threads of one plugin, from one start to its stop. Thread-safe. */
final class PluginThreads implements ThreadFactory {
    private final String prefix;
    private final Thread.UncaughtExceptionHandler onDeath;
    private final AtomicLong counter = new AtomicLong();
    private final Set<Thread> alive = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    PluginThreads(String plugin, Thread.UncaughtExceptionHandler onDeath) {
        this.prefix = "lynx-" + plugin + "-";
        this.onDeath = onDeath;
    }

    @Override
    public Thread newThread(Runnable task) {
        if (closed) {
            throw new IllegalStateException("thread " + prefix + "…: the plugin has stopped");
        }
        Runnable inContext = RequestContext.wrap(task);
        return Thread.ofVirtual()
                .name(prefix + counter.incrementAndGet())
                .uncaughtExceptionHandler(onDeath)
                .unstarted(() -> runTracked(inContext));
    }

    private void runTracked(Runnable task) {
        Thread current = Thread.currentThread();
        alive.add(current);
        try {
            if (closed) {
                current.interrupt();
            }
            task.run();
        } finally {
            alive.remove(current);
        }
    }

    int count() {
        return alive.size();
    }

    List<Thread> alive() {
        return List.copyOf(alive);
    }

    /** Interrupts the threads that run; resources that are being closed may still start others. */
    void interrupt() {
        alive.forEach(Thread::interrupt);
    }

    /** Makes no more threads, and interrupts those that run. */
    void close() {
        closed = true;
        interrupt();
    }

    /** Waits for the threads to end. */
    void join(Deadline deadline) throws InterruptedException {
        for (Thread thread : awaited()) {
            boolean _ = thread.join(deadline.remaining());
        }
    }

    /** Returns those that run, but for those that called {@link System#exit}: they wait for the shutdown. */
    List<Thread> awaited() {
        return ExitCall.isInProgress()
                ? alive.stream().filter(thread -> !ExitCall.isMadeBy(thread)).toList()
                : alive();
    }
}
