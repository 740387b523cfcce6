package io.lynx.app;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.LongAdder;

/** Makes the virtual threads of one application that no plugin owns, and knows how many of them live. Thread-safe. */
final class VirtualThreads {
    private final LongAdder begun = new LongAdder();
    private final LongAdder ended = new LongAdder();

    /** Makes threads called {@code prefix} and a number. */
    ThreadFactory named(String prefix) {
        ThreadFactory factory = Thread.ofVirtual().name(prefix, 0).factory();
        return task -> factory.newThread(() -> run(task));
    }

    private void run(Runnable task) {
        begun.increment();
        try {
            task.run();
        } finally {
            ended.increment();
        }
    }

    /** How many run now; the ends are read first, so that it never is below zero. */
    long live() {
        long over = ended.sum();
        return begun.sum() - over;
    }
}
