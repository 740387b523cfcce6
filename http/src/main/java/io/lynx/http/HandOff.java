package io.lynx.http;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;

/**
 * Hands requests from an event loop to virtual threads, those of one turn of the loop together: waking the threads'
 * scheduler from outside is a system call, so one thread is started from here, and starts the others from within. Belongs
 * to the event loop.
 */
final class HandOff {
    private final EventLoop loop;
    private final ThreadFactory threads;
    private List<Exchange> turn = new ArrayList<>();

    HandOff(EventLoop loop, ThreadFactory threads) {
        this.loop = loop;
        this.threads = threads;
    }

    void add(Exchange exchange) {
        turn.add(exchange);
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
        List<Exchange> exchanges = turn;
        turn = new ArrayList<>(exchanges.size());
        threads.newThread(() -> {
                    int last = exchanges.size() - 1;
                    for (int i = 0; i < last; i++) {
                        threads.newThread(exchanges.get(i)).start();
                    }
                    exchanges.get(last).run();
                })
                .start();
    }
}
