package io.lynx.resilience;

import io.lynx.context.RequestContext;
import io.lynx.extension.UserCode;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Function;
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
        CompletionStage<T> _ = start(call).whenComplete((value, failure) -> {
            onEnd.accept(value, failure);
            complete(result, value, failure);
        });
        return result;
    }

    /** Starts a call; an exception of the start fails the returned stage. */
    static <T> CompletionStage<T> start(Callable<? extends CompletionStage<T>> call) {
        try {
            CompletionStage<T> stage = call.call();
            return stage == null
                    ? failed(new NullPointerException("asynchronous call: returned null; it must return a stage"))
                    : stage;
        } catch (Exception | Error failure) {
            return failed(failure);
        }
    }

    /**
     * Continues with {@code next} once {@code first} has completed: on this thread if it has already, else on a virtual thread,
     * so that whatever completed it is not held up and the stack does not grow; that one runs in the caller's context. What
     * {@code next} throws fails the returned future.
     */
    static <A, T> CompletableFuture<T> after(CompletableFuture<A> first, Function<A, CompletionStage<T>> next) {
        CompletableFuture<T> result = new CompletableFuture<>();
        boolean isDone = first.isDone();
        RequestContext context = RequestContext.current();
        var _ = first.whenComplete((value, failure) -> {
            if (failure != null) {
                result.completeExceptionally(failure);
            } else if (isDone) {
                proceed(next, value, result);
            } else {
                apart(() -> context.run(() -> proceed(next, value, result)));
            }
        });
        return result;
    }

    private static <A, T> void proceed(Function<A, CompletionStage<T>> next, A value, CompletableFuture<T> result) {
        try {
            pass(next.apply(value), result);
        } catch (Throwable failure) {
            boolean _ = result.completeExceptionally(failure);
            UserCode.rethrowIfFatal(failure);
        }
    }

    /** Runs {@code rest} on a virtual thread; on this one if there can be no other, since it may hold what others wait for. */
    private static void apart(Runnable rest) {
        Thread thread = Thread.ofVirtual().name("lynx-call").unstarted(rest);
        try {
            thread.start();
        } catch (RuntimeException | OutOfMemoryError noThread) {
            rest.run();
        }
    }

    /** Completes {@code result} as {@code stage} completes. */
    static <T> void pass(CompletionStage<T> stage, CompletableFuture<T> result) {
        CompletionStage<T> _ = stage.whenComplete((value, failure) -> complete(result, value, failure));
    }

    static <T> void complete(CompletableFuture<T> result, T value, @Nullable Throwable failure) {
        if (failure == null) {
            result.complete(value);
        } else {
            result.completeExceptionally(failure);
        }
    }
}
