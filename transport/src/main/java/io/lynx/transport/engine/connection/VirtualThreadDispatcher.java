package io.lynx.transport.engine.connection;

import io.lynx.transport.LogLimit;
import io.lynx.transport.LogThread;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts virtual threads from an event loop. Waking the threads' scheduler from outside is a system call, so the tasks of one
 * turn of the loop are started together: one thread from here, which starts the others. Belongs to the event loop.
 *
 * <p>In a process at its limit of threads, a virtual thread may not start for lack of a carrier. Its task then waits and is tried
 * again. The virtual machine reports such a failure even if another carrier has taken the thread meanwhile, so a task must ignore
 * every run but its first.
 */
final class VirtualThreadDispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(VirtualThreadDispatcher.class);
    private static final int RETRY_MILLIS = 100;

    private final EventLoop loop;
    private final ThreadFactory threads;
    private final LogLimit logs;
    /** While it is not empty, {@link #start} is going to run. */
    private List<Runnable> turn = new ArrayList<>();

    VirtualThreadDispatcher(EventLoop loop, ThreadFactory threads, LogLimit logs) {
        this.loop = loop;
        this.threads = threads;
        this.logs = logs;
    }

    /** @param task ignores every run but its first */
    void dispatch(Runnable task) {
        turn.add(task);
        if (turn.size() == 1) {
            // Runs after every socket that is ready now has been read.
            loop.execute(this::start);
        }
    }

    private void start() {
        List<Runnable> tasks = turn;
        try {
            if (tasks.size() == 1) {
                threads.newThread(tasks.getFirst()).start();
                tasks.clear();
            } else {
                threads.newThread(() -> startAll(tasks)).start();
                turn = new ArrayList<>(tasks.size());
            }
        } catch (OutOfMemoryError noThread) {
            // A thread that was taken nevertheless may still read the list.
            turn = new ArrayList<>(tasks);
            startLater();
        }
    }

    /** Runs on the thread that starts the others, and runs the last task itself. */
    private void startAll(List<Runnable> tasks) {
        int last = tasks.size() - 1;
        for (int i = 0; i < last; i++) {
            try {
                threads.newThread(tasks.get(i)).start();
            } catch (OutOfMemoryError noThread) {
                List<Runnable> rest = List.copyOf(tasks.subList(i, last));
                loop.execute(() -> retry(rest));
                break;
            }
        }
        tasks.get(last).run();
    }

    private void retry(List<Runnable> tasks) {
        boolean isDue = !turn.isEmpty();
        turn.addAll(tasks);
        if (!isDue) {
            startLater();
        }
    }

    private void startLater() {
        loop.schedule(this::start, RETRY_MILLIS, TimeUnit.MILLISECONDS);
        if (logs.acquire("no thread") >= 0) {
            LogThread.write(() -> LOG.warn("No thread can be started for requests, which wait until one can; raise the"
                    + " process's limits of threads and memory, or find what holds them"));
        }
    }
}
