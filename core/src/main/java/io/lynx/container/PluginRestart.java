package io.lynx.container;

import io.lynx.extension.UserCode;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One restart of a plugin with its dependants, on a platform thread of its own, which nothing interrupts: once it has begun
 * it runs to its end, whatever becomes of those who wait for it. Thread-safe.
 */
final class PluginRestart {
    private final String id;
    private final Set<String> affected;
    private final CompletableFuture<List<PluginStop>> result = new CompletableFuture<>();
    private final AtomicBoolean begun = new AtomicBoolean();

    PluginRestart(String id, Set<String> affected) {
        this.id = id;
        this.affected = affected;
    }

    String id() {
        return id;
    }

    Set<String> affected() {
        return affected;
    }

    /** Returns whether it still waits for another start or stop, so that a second request for the same plugin can join it. */
    boolean isWaiting() {
        return !begun.get() && !result.isDone();
    }

    /** Notes that it begins to stop plugins. */
    void begin() {
        begun.set(true);
    }

    void launch(Callable<List<PluginStop>> work) {
        Thread _ = ThreadStarter.SYSTEM.start(
                Thread.ofPlatform().name("lynx-restart-" + id).daemon(), () -> {
                    try {
                        result.complete(work.call());
                    } catch (Throwable failure) {
                        boolean _ = result.completeExceptionally(failure);
                        UserCode.rethrowIfFatal(failure);
                    }
                });
    }

    /**
     * Waits for its end.
     *
     * @throws PluginStartException if the plugin, or one that ran before and depends on it, does not run again
     * @throws IllegalStateException if it was refused
     * @throws InterruptedException if interrupted while waiting; the restart goes on
     */
    List<PluginStop> await() throws PluginStartException, InterruptedException {
        try {
            return result.get();
        } catch (ExecutionException failed) {
            switch (failed.getCause()) {
                case PluginStartException notStarted -> throw notStarted;
                case RuntimeException failure -> throw failure;
                case Error error -> throw error;
                case null, default -> throw new IllegalStateException("plugin '" + id + "': restart failed", failed);
            }
        }
    }
}
