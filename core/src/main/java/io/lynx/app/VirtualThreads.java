package io.lynx.app;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.LongAdder;

/** Makes the virtual threads of one application that no plugin owns, and counts them. Thread-safe. */
final class VirtualThreads {
    private final LongAdder begun = new LongAdder();
    private final LongAdder ended = new LongAdder();

    /** Returns a factory of threads named {@code prefix} and a number. */
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

    /** Returns how many run now. The ends are read first, so that the result is never negative. */
    long live() {
        long over = ended.sum();
        return begun.sum() - over;
    }
}
