package io.lynx.resilience;

import io.lynx.context.RequestContext;
import io.lynx.extension.Registration;
import io.lynx.extension.UserCode;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The attempts of one asynchronous call, one after the other, in the context in which it was made. Used once. */
final class AsyncRetry<T> {
    private final RetryDecision decision;
    private final LongAdder retries;
    private final Callable<? extends CompletionStage<T>> call;
    private final Scheduler scheduler;
    private final @Nullable Deadline deadline;
    private final RequestContext context = RequestContext.current();
    private final CompletableFuture<T> result = new CompletableFuture<>();

    /**
     * Creates a retry that has not made its first call.
     *
     * @param retries counts the attempts after the first
     */
    AsyncRetry(
            RetryDecision decision,
            LongAdder retries,
            Callable<? extends CompletionStage<T>> call,
            Scheduler scheduler,
            @Nullable Deadline deadline) {
        this.decision = decision;
        this.retries = retries;
        this.call = call;
        this.scheduler = scheduler;
        this.deadline = deadline;
    }

    /** Makes the first attempt; returns what the last one returns. */
    CompletableFuture<T> start() {
        attempt(1);
        return result;
    }

    private void attempt(int attempt) {
        CompletionStage<T> _ = AsyncCalls.<T>start(() -> context.call(call)).whenComplete((value, failure) -> {
            try {
                ended(attempt, value, failure);
            } catch (Throwable broken) { // Nothing else would end the call.
                boolean _ = result.completeExceptionally(broken);
                UserCode.rethrowIfFatal(broken);
            }
        });
    }

    private void ended(int attempt, T value, @Nullable Throwable failure) {
        Duration delay = failure == null
                ? decision.delayAfterResult(attempt, value, deadline)
                : failure instanceof Exception exception
                        ? decision.delayAfterFailure(attempt, exception, deadline)
                        : null;
        Runnable end = () -> AsyncCalls.complete(result, value, failure);
        if (delay == null) {
            end.run();
        } else {
            pause(attempt, delay, end);
        }
    }

    /** Makes another attempt after the delay, or runs {@code end} as soon as the request is cancelled. */
    private void pause(int attempt, Duration delay, Runnable end) {
        CompletableFuture<Boolean> isDue = new CompletableFuture<>();
        Scheduler.Scheduled timer = scheduler.after(delay, () -> isDue.complete(true));
        Registration cancellation = context.onCancel(() -> isDue.complete(false));
        var _ = isDue.thenAccept(due -> {
            boolean _ = timer.cancel();
            cancellation.close();
            if (due) {
                retries.increment();
                attempt(attempt + 1);
            } else {
                end.run();
            }
        });
    }
}
