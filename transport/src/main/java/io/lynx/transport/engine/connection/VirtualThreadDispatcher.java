package io.lynx.transport.engine.connection;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;

/**
 * Starts virtual threads from an event loop. Waking the threads' scheduler from outside is a system call, so the tasks of one
 * turn of the loop are started together: one thread from here, which starts the others. Belongs to the event loop.
 */
final class VirtualThreadDispatcher {
    private final EventLoop loop;
    private final ThreadFactory threads;
    private List<Runnable> turn = new ArrayList<>();

    VirtualThreadDispatcher(EventLoop loop, ThreadFactory threads) {
        this.loop = loop;
        this.threads = threads;
    }

    void dispatch(Runnable task) {
        turn.add(task);
        if (turn.size() == 1) {
            // Runs after every socket that is ready now has been read.
            loop.execute(this::start);
        }
    }

    private void start() {
        if (turn.size() == 1) {
            threads.newThread(turn.removeFirst()).start();
            return;
        }
        List<Runnable> tasks = turn;
        turn = new ArrayList<>(tasks.size());
        threads.newThread(() -> {
                    int last = tasks.size() - 1;
                    for (int i = 0; i < last; i++) {
                        threads.newThread(tasks.get(i)).start();
                    }
                    tasks.get(last).run();
                })
                .start();
    }
}
