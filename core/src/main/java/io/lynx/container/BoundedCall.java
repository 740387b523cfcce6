package io.lynx.container;

import io.lynx.extension.UserCode;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One call of user code on a platform thread of its own, which is interrupted and left behind when the time is over. The
 * exception then names what it was doing. Thread-safe.
 *
 * @param <T> the result
 */
final class BoundedCall<T> {
    private static final Duration GRACE = Duration.ofMillis(100);
    private static final StackTraceElement[] NO_STACK = {};

    private final String what;
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private final AtomicReference<StackTraceElement @Nullable []> stackAtDeadline = new AtomicReference<>();
    /** Null if none could be started. */
    private volatile @Nullable Thread thread;

    private volatile boolean returned;

    private BoundedCall(String what) {
        this.what = what;
    }

    private void run(Callable<T> code, Consumer<? super T> onLateResult) {
        try {
            T value = code.call();
            returned = true;
            if (!result.complete(value)) {
                boolean _ = UserCode.run(() -> onLateResult.accept(value), _ -> {});
            }
        } catch (Throwable failure) {
            returned = true;
            boolean _ = result.completeExceptionally(failure);
        }
    }

    /**
     * Begins a call.
     *
     * @param what names it in the message of a time-out, such as {@code open of listener 'http'}
     */
    static <T> BoundedCall<T> begin(String what, Callable<T> code) {
        return begin(what, code, _ -> {});
    }

    /** Begins a call as {@link #begin(String, Callable)} does; {@code onLateResult} receives a result that came too late. */
    static <T> BoundedCall<T> begin(String what, Callable<T> code, Consumer<? super T> onLateResult) {
        return begin(what, code, onLateResult, ThreadStarter.SYSTEM);
    }

    /** Begins a call on a thread of {@code threads}; it fails if there is none. */
    static <T> BoundedCall<T> begin(
            String what, Callable<T> code, Consumer<? super T> onLateResult, ThreadStarter threads) {
        BoundedCall<T> call = new BoundedCall<>(what);
        try {
            call.thread = threads.start(
                    Thread.ofPlatform()
                            .name("lynx-call-" + what.replace(' ', '-'))
                            .daemon(),
                    () -> call.run(code, onLateResult));
        } catch (RejectedExecutionException noThread) {
            call.returned = true;
            boolean _ = call.result.completeExceptionally(noThread);
        }
        return call;
    }

    /** Returns whether the code is called; false if no thread could be started for it. */
    boolean hasBegun() {
        return thread != null;
    }

    /** Returns whether the code has not returned, even if it was left behind. */
    boolean isRunning() {
        return !returned;
    }

    /**
     * Waits for the result. At the deadline the call is interrupted, and a moment later it is left behind.
     *
     * @param scheduler the one that belongs to the deadline's clock
     * @throws TimeoutException if there is no result then; the message names the frame, the stack trace is the call's
     * @throws InterruptedException if interrupted before the call returns; the call is then interrupted and left behind
     * @throws Exception what the call threw; an {@link Error} is thrown as it is
     */
    T await(Deadline deadline, Scheduler scheduler) throws Exception {
        List<Scheduler.Scheduled> wakes = wakeAt(deadline.remaining(), scheduler);
        try {
            return get(deadline.remainingNanos());
        } catch (InterruptedException interrupted) {
            if (!result.completeExceptionally(interrupted) && !result.isCompletedExceptionally()) {
                // The call has returned all the same, and nothing else receives its result.
                Thread.currentThread().interrupt();
                return result.resultNow();
            }
            interruptThread();
            throw interrupted;
        } catch (ExecutionException failed) {
            switch (failed.getCause()) {
                case Error error -> throw error;
                case Exception exception -> throw exception;
                case null, default -> throw failed;
            }
        } finally {
            wakes.forEach(Scheduler.Scheduled::cancel);
        }
    }

    private T get(long nanos) throws InterruptedException, ExecutionException {
        try {
            return result.get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            interrupt();
        }
        try {
            return result.get(GRACE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            giveUp();
            return result.get(); // It is complete now, by the call or by the line above.
        }
    }

    /** On manual time the scheduler ends the waits. */
    private List<Scheduler.Scheduled> wakeAt(Duration remaining, Scheduler scheduler) {
        try {
            return List.of(
                    scheduler.after(remaining, this::interrupt), scheduler.after(remaining.plus(GRACE), this::giveUp));
        } catch (RejectedExecutionException closed) {
            return List.of();
        }
    }

    private void interrupt() {
        Thread running = thread;
        if (running != null && !result.isDone() && stackAtDeadline.compareAndSet(null, running.getStackTrace())) {
            running.interrupt();
        }
    }

    private void interruptThread() {
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }

    private void giveUp() {
        StackTraceElement[] stack = Objects.requireNonNullElse(stackAtDeadline.get(), NO_STACK);
        TimeoutException late = new TimeoutException(
                what + " did not return in time" + (stack.length == 0 ? "" : " (at " + stack[0] + ")"));
        late.setStackTrace(stack);
        boolean _ = result.completeExceptionally(late);
    }
}
