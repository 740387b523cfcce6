package io.lynx.transport.engine.outgoing;

import io.netty.channel.EventLoop;
import java.util.concurrent.RejectedExecutionException;

/** Runs tasks on event loops that may have ended: then the connections of their tasks have ended before. Stateless. */
final class LoopTasks {
    private LoopTasks() {}

    /** Runs {@code task} on an event loop, soon; returns false if that has ended. */
    static boolean run(EventLoop loop, Runnable task) {
        try {
            loop.execute(task);
            return true;
        } catch (RejectedExecutionException ended) {
            return false;
        }
    }
}
