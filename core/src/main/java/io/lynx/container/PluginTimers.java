package io.lynx.container;

import io.lynx.context.RequestContext;
import io.lynx.time.Scheduler;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * The scheduler of one plugin: it runs each task on a thread of the plugin, in the context of the request that scheduled it but without
 * its deadline, and cancels those that wait at the stop of the plugin. Thread-safe.
 */
final class PluginTimers implements Scheduler {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final String plugin;
    private final Scheduler scheduler;
    private final ThreadFactory threads;
    private final Set<Timer> waiting = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    PluginTimers(String plugin, Scheduler scheduler, ThreadFactory threads) {
        this.plugin = plugin;
        this.scheduler = scheduler;
        this.threads = threads;
    }

    @Override
    public Scheduled after(Duration delay, Runnable task) {
        if (closed) {
            throw new IllegalStateException("plugin '" + plugin + "': cannot schedule a task after it has stopped");
        }
        Timer timer = new Timer(inContext(delay, task));
        waiting.add(timer);
        timer.handle = scheduler.after(delay, timer);
        if (closed) {
            boolean _ = timer.cancel();
        }
        return timer;
    }

    /**
     * Returns the task in the context of the present request. The values of a request are read when the task runs, since most tasks are
     * time limits that are cancelled; a long delay must not keep the request itself in memory, so then they are read now.
     */
    private static Runnable inContext(Duration delay, Runnable task) {
        RequestContext context = RequestContext.current();
        RequestContext kept = delay.compareTo(LONG) < 0 ? context : context.withoutDeadline();
        return () -> run(kept, task);
    }

    /** What a start schedules belongs to no request. */
    private static void run(RequestContext context, Runnable task) {
        if (context.requestId().isEmpty()) {
            task.run();
        } else {
            context.withoutDeadline().run(task);
        }
    }

    /** Accepts no more tasks and cancels those that wait. */
    void close() {
        closed = true;
        waiting.forEach(Timer::cancel);
    }

    private final class Timer implements Runnable, Scheduled {
        private final Runnable task;
        private volatile @Nullable Scheduled handle;

        Timer(Runnable task) {
            this.task = task;
        }

        @Override
        public void run() {
            if (waiting.remove(this)) {
                threads.newThread(task).start();
            }
        }

        @Override
        public boolean cancel() {
            boolean waited = waiting.remove(this);
            Scheduled scheduled = handle;
            if (scheduled != null) {
                boolean _ = scheduled.cancel();
            }
            return waited;
        }
    }
}
