package io.lynx.container;

import io.lynx.time.Deadline;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the thread of a start does: it starts the plugin and, if that fails, cleans up. The result goes to the coordinator,
 * unless the start has been abandoned meanwhile: then it is discarded, and only what this start opened is closed.
 */
final class StartWork implements Consumer<PluginAttempt> {
    private final PluginServices services;
    private final RunLoop loop;
    private final Duration cleanUp;
    private final BiConsumer<PluginAttempt, Duration> onSuccess;
    private final BiConsumer<PluginAttempt, Throwable> onFailure;

    /**
     * Creates the work of one start.
     *
     * @param cleanUp how long the clean-up after a failure may take
     * @param onSuccess receives the duration of the start on the coordinator's thread
     * @param onFailure receives the failure on the coordinator's thread
     */
    StartWork(
            PluginServices services,
            RunLoop loop,
            Duration cleanUp,
            BiConsumer<PluginAttempt, Duration> onSuccess,
            BiConsumer<PluginAttempt, Throwable> onFailure) {
        this.services = services;
        this.loop = loop;
        this.cleanUp = cleanUp;
        this.onSuccess = onSuccess;
        this.onFailure = onFailure;
    }

    @Override
    public void accept(PluginAttempt attempt) {
        Throwable failure = attempt.runtime()
                .start(attempt.scope(), attempt.deadline(), Deadline.after(cleanUp, services.ticker()));
        if (failure == null && attempt.finish()) {
            Duration took = attempt.elapsed();
            loop.post(() -> onSuccess.accept(attempt, took));
            return;
        }
        boolean _ = Thread.interrupted();
        Deadline limit = Deadline.after(cleanUp, services.ticker());
        if (failure == null || attempt.isOver()) {
            services.notifier().publish(attempt.lateResult(failure));
            cleanUp(attempt, limit, failure);
            return;
        }
        attempt.beginCleanUp(limit);
        cleanUp(attempt, limit, failure);
        if (attempt.finish()) {
            loop.post(() -> onFailure.accept(attempt, failure));
        } else {
            services.notifier().publish(attempt.lateResult(failure));
        }
    }

    private static void cleanUp(PluginAttempt attempt, Deadline limit, @Nullable Throwable failure) {
        Throwable _ = Failures.join(failure, attempt.runtime().stopFailedStart(attempt.scope(), limit));
        for (Throwable inClose : attempt.scope().close(limit).failures()) {
            Throwable _ = Failures.join(failure, inClose);
        }
        attempt.runtime().reportIfFatal(failure);
    }
}
