package io.lynx.transport.engine.connection;

import io.lynx.time.Scheduler;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks on an event loop later, by the application's scheduler, so that manual time moves them; by the event loop's own
 * timer where there is no scheduler, or it is closed. Thread-safe.
 */
final class LoopTimer {
    private final @Nullable Scheduler scheduler;

    LoopTimer(@Nullable Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    void after(long nanos, EventLoop loop, Runnable task) {
        if (scheduler == null || !isScheduled(scheduler, nanos, loop, task)) {
            loop.schedule(task, nanos, TimeUnit.NANOSECONDS);
        }
    }

    private static boolean isScheduled(Scheduler scheduler, long nanos, EventLoop loop, Runnable task) {
        try {
            Scheduler.Scheduled _ = scheduler.after(Duration.ofNanos(nanos), () -> execute(loop, task));
            return true;
        } catch (RejectedExecutionException | IllegalStateException closed) {
            return false;
        }
    }

    private static void execute(EventLoop loop, Runnable task) {
        if (!loop.isShuttingDown()) {
            loop.execute(task);
        }
    }
}
