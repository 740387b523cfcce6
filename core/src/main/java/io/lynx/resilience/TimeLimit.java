package io.lynx.resilience;

import io.lynx.context.RequestContext;
import io.lynx.extension.Registration;
import io.lynx.extension.UserCode;
import io.lynx.resilience.CallTimeoutException.Scope;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The time limit of one call.
 *
 * @param owner the attempt of {@link Policies} that it limits; null if there is none
 */
record TimeLimit(Duration timeout, Scope scope, @Nullable Object owner, Ticker ticker, Scheduler scheduler) {
    private static final ThreadFactory THREADS =
            Thread.ofVirtual().name("lynx-call-", 0).factory();
    /** The innermost call of this thread that is interrupted when its time is over. */
    private static final ScopedValue<Attempt> CURRENT = ScopedValue.newInstance();

    <T> T call(Callable<T> callable, boolean isInterrupting) throws Exception {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return isInterrupting ? callHere(callable) : callDetached(callable);
    }

    /** Returns what is left of this limit after {@code elapsedNanos} of it. */
    TimeLimit after(long elapsedNanos) {
        Duration left = timeout.minusNanos(elapsedNanos);
        return new TimeLimit(left.isNegative() ? Duration.ZERO : left, scope, owner, ticker, scheduler);
    }

    private Deadline deadline() {
        return Deadline.after(timeout, ticker);
    }

    /** Returns what the caller receives for a failure: an inner limit that had only the rest of this one may end first. */
    private Exception orExceeded(Exception failure, Deadline deadline) {
        return failure instanceof CallTimeoutException && deadline.isExpired() ? exceeded(failure) : failure;
    }

    /** Returns what the caller receives if its request was cancelled, which says nothing about the called service. */
    private CallTimeoutException cancelled(@Nullable Throwable cause) {
        return new CallTimeoutException(Duration.ZERO, Scope.REST_OF_CALL, owner, cause);
    }

    private CallTimeoutException exceeded(@Nullable Throwable cause) {
        return new CallTimeoutException(timeout, scope, owner, cause);
    }

    /**
     * Makes the call on this thread, and interrupts it. The interrupt is over when this method returns: the timer interrupts only
     * while the call runs, under a lock that the end of the call takes too, and the flag is cleared after that. Nested limits
     * each clear their own: an inner one sets the flag again if an outer one has expired. An interrupt by other code in the same
     * instant as a time-out merges with it, since a thread has a single flag.
     */
    private <T> T callHere(Callable<T> callable) throws Exception {
        Attempt attempt = new Attempt(Thread.currentThread(), CURRENT.isBound() ? CURRENT.get() : null);
        Deadline deadline = deadline();
        RequestContext context = RequestContext.current().withDeadline(deadline);
        Scheduler.Scheduled timer = scheduler.after(timeout, attempt::expire);
        T value;
        try {
            value = ScopedValue.where(CURRENT, attempt).call(() -> context.call(callable));
        } catch (Exception e) {
            throw attempt.end() ? exceeded(e) : orExceeded(e, deadline);
        } catch (Error e) {
            boolean _ = attempt.end();
            throw e;
        } finally {
            timer.cancel();
        }
        if (attempt.end()) {
            CallTimeoutException late = exceeded(null);
            close(value, late);
            throw late;
        }
        return value;
    }

    /** Makes the call on a thread of its own, and stops waiting for it when its time is over or the request is cancelled. */
    @SuppressWarnings("ReferenceEquality") // Only this call's own expiry is meant.
    private <T> T callDetached(Callable<T> callable) throws Exception {
        CompletableFuture<T> outcome = new CompletableFuture<>();
        TimeoutException expired = new Expired();
        TimeoutException unwanted = new Expired();
        Deadline deadline = deadline();
        RequestContext context = RequestContext.current().withDeadline(deadline);
        Thread thread = THREADS.newThread(() -> context.run(() -> run(callable, outcome)));
        Scheduler.Scheduled timer = scheduler.after(timeout, () -> outcome.completeExceptionally(expired));
        Registration cancellation = context.onCancel(() -> outcome.completeExceptionally(unwanted));
        if (!outcome.isDone()) {
            thread.start();
        }
        try {
            return outcome.get();
        } catch (InterruptedException interrupted) {
            thread.interrupt();
            if (!outcome.completeExceptionally(interrupted)) {
                var _ = outcome.thenAccept(value -> close(value, null)); // It came in the same instant.
            }
            throw interrupted;
        } catch (ExecutionException failed) {
            if (failed.getCause() == expired) {
                expired.setStackTrace(thread.getStackTrace());
                throw exceeded(expired);
            }
            if (failed.getCause() == unwanted) {
                unwanted.setStackTrace(thread.getStackTrace());
                throw cancelled(unwanted);
            }
            throw orExceeded(unwrapped(failed), deadline);
        } finally {
            timer.cancel();
            cancellation.close();
        }
    }

    private static <T> void run(Callable<T> callable, CompletableFuture<T> outcome) {
        try {
            T value = callable.call();
            if (!outcome.complete(value)) {
                close(value, null);
            }
        } catch (Throwable failure) {
            boolean _ = outcome.completeExceptionally(failure);
            UserCode.rethrowIfFatal(failure);
        }
    }

    private static Exception unwrapped(ExecutionException failed) {
        if (failed.getCause() instanceof Error error) {
            throw error;
        }
        return failed.getCause() instanceof Exception exception ? exception : failed;
    }

    <T> CompletionStage<T> callAsync(Callable<? extends CompletionStage<T>> call, boolean isInterrupting) {
        CompletableFuture<T> result = new CompletableFuture<>();
        RequestContext context = RequestContext.current().withDeadline(deadline());
        CompletionStage<T> stage = AsyncCalls.start(() -> context.call(call));
        Registration cancellation = context.onCancel(() -> result.completeExceptionally(cancelled(null)));
        Scheduler.Scheduled timer = scheduler.after(timeout, () -> {
            if (result.completeExceptionally(exceeded(null)) && isInterrupting) {
                boolean _ = stage.toCompletableFuture().cancel(true);
            }
        });
        CompletionStage<T> _ = stage.whenComplete((value, failure) -> {
            boolean _ = timer.cancel();
            cancellation.close();
            boolean isInTime = failure == null ? result.complete(value) : result.completeExceptionally(failure);
            if (!isInTime) {
                close(value, null);
            }
        });
        return result;
    }

    /** Closes a value that came too late. */
    private static void close(@Nullable Object value, @Nullable CallTimeoutException late) {
        if (value instanceof AutoCloseable closeable) {
            boolean _ = UserCode.run(closeable::close, failure -> {
                if (late != null) {
                    late.addSuppressed(failure);
                }
            });
        }
    }

    /** Carries the stack of the call that nothing waits for any more. */
    private static final class Expired extends TimeoutException {
        Expired() {
            super("the call was still running here");
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }
}
