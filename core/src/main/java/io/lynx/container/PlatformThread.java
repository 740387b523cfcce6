package io.lynx.container;

import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/** Runs coordinators on platform threads, since virtual threads do not run while all carriers are busy. Stateless. */
final class PlatformThread {
    /** The work of a coordinator. */
    @FunctionalInterface
    interface Run {
        void run() throws PluginStartException;
    }

    private PlatformThread() {}

    /** Runs {@code run} on the current thread if it is a platform thread, otherwise on one named {@code name}. */
    static void run(String name, Run run) throws PluginStartException {
        if (!Thread.currentThread().isVirtual()) {
            run.run();
            return;
        }
        FutureTask<Void> task = new FutureTask<>(() -> {
            run.run();
            return null;
        });
        Thread thread = Thread.ofPlatform().name(name).daemon().start(task);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException passedOn) {
                interrupted = true;
                thread.interrupt();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (task.state() == Future.State.SUCCESS) {
            return;
        }
        switch (task.exceptionNow()) {
            case PluginStartException failure -> throw failure;
            case RuntimeException failure -> throw failure;
            case Error failure -> throw failure;
            default -> throw new IllegalStateException(task.exceptionNow());
        }
    }
}
