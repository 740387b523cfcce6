package io.lynx.transport;

import io.lynx.context.RequestContext;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Writes the log lines of listeners on a thread of its own if the caller is an event loop: an appender that blocks would hold up
 * every connection of that event loop. A virtual thread belongs to one request and writes its line itself. The process has one such
 * thread, which exists only while there are lines to write; at most {@value #MOST_WAITING} wait for it, and further ones are lost.
 * Thread-safe.
 */
public final class LogThread {
    private static final int MOST_WAITING = 256;
    private static final RejectedExecutionHandler LOSE = new ThreadPoolExecutor.DiscardPolicy();

    private static final ThreadPoolExecutor THREAD = new ThreadPoolExecutor(
            0,
            1,
            0,
            TimeUnit.NANOSECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            Thread.ofPlatform().name("lynx-log").daemon().factory(),
            LOSE);

    private LogThread() {}

    /** Loads what writing a line needs. */
    static void prepare() {}

    /** Writes a line: now if the calling thread is virtual, and otherwise soon. */
    public static void write(Runnable line) {
        if (Thread.currentThread().isVirtual()) {
            line.run();
        } else {
            writeOn(THREAD, RequestContext.wrap(line));
        }
    }

    static void writeOn(Executor thread, Runnable line) {
        try {
            thread.execute(line);
        } catch (OutOfMemoryError noThread) {
            // The system has no thread to spare. The line is written with the next one.
        }
    }
}
