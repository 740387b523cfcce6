package io.lynx.resilience;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Starts asynchronous calls so that every outcome, an exception of the start included, is one of the stage. Stateless. */
final class AsyncCalls {
    private AsyncCalls() {}

    static <T> CompletableFuture<T> failed(Throwable failure) {
        return CompletableFuture.failedFuture(failure);
    }

    /**
     * Starts a call.
     *
     * @param onEnd receives the value, or the failure as the stage reports it, before the returned future completes
     * @return a future of its own, so that completing it does not complete the caller's stage
     */
    static <T> CompletableFuture<T> start(
            Callable<? extends CompletionStage<T>> call, BiConsumer<? super T, ? super @Nullable Throwable> onEnd) {
        CompletableFuture<T> result = new CompletableFuture<>();
        start(call).whenComplete((value, failure) -> {
            onEnd.accept(value, failure);
            complete(result, value, failure);
        });
        return result;
    }

    /** Completes {@code result} with a value, or with a failure that is not wrapped once more. */
    static <T> void complete(CompletableFuture<T> result, T value, @Nullable Throwable failure) {
        if (failure == null) {
            result.complete(value);
        } else {
            result.completeExceptionally(failure);
        }
    }

    /** Starts a call; an exception of the start fails the returned stage. */
    private static <T> CompletionStage<T> start(Callable<? extends CompletionStage<T>> call) {
        try {
            CompletionStage<T> stage = call.call();
            if (stage == null) {
                return failed(new NullPointerException("asynchronous call: returned null; it must return a stage"));
            }
            return stage;
        } catch (Exception | Error failure) {
            return failed(failure);
        }
    }
}
