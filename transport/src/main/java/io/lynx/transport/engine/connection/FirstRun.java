package io.lynx.transport.engine.connection;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Runs a task the first time that it is run itself. Thread-safe. */
@SuppressWarnings("serial") // Nothing serializes it.
final class FirstRun extends AtomicReference<@Nullable Runnable> implements Runnable {
    FirstRun(Runnable task) {
        super(task);
    }

    @Override
    public void run() {
        Runnable task = getAndSet(null);
        if (task != null) {
            task.run();
        }
    }
}
