package io.lynx.recovery.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.extension.UserCode;
import io.lynx.recovery.RecoveryStrategy;
import io.lynx.time.Scheduler;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One call into a strategy, on the thread of its recovery, with an end that comes whatever the strategy does: it returns;
 * or it exceeds its timeout, is interrupted and returns within a second; or it is abandoned. Used once.
 *
 * @param <T> the type of the result
 */
final class StrategyCall<T> {
    /** From the interrupt to the abandonment. */
    static final Duration GRACE = Duration.ofSeconds(1);

    private final String strategy;
    private final Scheduler scheduler;
    private final Thread thread = Thread.currentThread();
    private final Consumer<StackTraceElement[]> onAbandoned;

    @GuardedBy("this")
    private Phase phase = Phase.RUNNING;

    @GuardedBy("this")
    private @Nullable Throwable expiry;

    private Scheduler.@Nullable Scheduled timer;

    private enum Phase {
        RUNNING,
        INTERRUPTED,
        ABANDONED,
        ENDED
    }

    /**
     * Creates a call that is made by the current thread.
     *
     * @param onAbandoned receives, on another thread, what the strategy is doing when it does not return
     */
    StrategyCall(String strategy, Scheduler scheduler, Consumer<StackTraceElement[]> onAbandoned) {
        this.strategy = strategy;
        this.scheduler = scheduler;
        this.onAbandoned = onAbandoned;
    }

    /**
     * Makes the call.
     *
     * @param timeout null for code that bounds itself and is not interrupted
     * @param onFailure makes the result of a failure: what the code threw, or why it was interrupted
     * @return the result; null if the call was abandoned before
     */
    @Nullable
    T invoke(@Nullable Duration timeout, Callable<? extends T> code, Function<Throwable, ? extends T> onFailure) {
        if (timeout != null) {
            try {
                schedule(timeout, () -> expire(timedOut(timeout)));
            } catch (RejectedExecutionException closed) {
                return onFailure.apply(closed);
            }
        }
        T result;
        try {
            result = code.call();
        } catch (Throwable failure) { // the guard around a strategy
            UserCode.rethrowIfFatal(failure);
            result = onFailure.apply(failure);
        } finally {
            cancelTimer();
        }
        synchronized (this) {
            Phase before = phase;
            phase = Phase.ENDED;
            // An interrupt that was meant for this strategy, or that it left behind, must not reach the next one.
            boolean _ = Thread.interrupted();
            return switch (before) {
                case RUNNING, ENDED -> result;
                case INTERRUPTED -> onFailure.apply(expiry == null ? new TimeoutException() : expiry);
                case ABANDONED -> null;
            };
        }
    }

    /** Replaces the timeout of the call, which is in progress, by one that counts from now. */
    void limit(Duration timeout) {
        synchronized (this) {
            if (phase != Phase.RUNNING) {
                return;
            }
            cancelTimer();
        }
        schedule(timeout, () -> expire(timedOut(timeout)));
    }

    private Throwable timedOut(Duration timeout) {
        return new TimeoutException("strategy '" + strategy + "': did not finish within " + timeout.toMillis() + "ms");
    }

    /** Interrupts the strategy, and abandons it if it does not return within the grace period. */
    void expire(Throwable reason) {
        synchronized (this) {
            if (phase != Phase.RUNNING) {
                return;
            }
            phase = Phase.INTERRUPTED;
            expiry = reason;
            thread.interrupt();
        }
        try {
            schedule(GRACE, this::abandon);
        } catch (RejectedExecutionException closed) {
            abandon();
        }
    }

    private void abandon() {
        StackTraceElement[] stack = thread.getStackTrace();
        synchronized (this) {
            if (phase != Phase.INTERRUPTED) {
                return;
            }
            phase = Phase.ABANDONED;
        }
        onAbandoned.accept(stack);
    }

    private void schedule(Duration delay, Runnable task) {
        Scheduler.Scheduled next = scheduler.after(delay, task);
        synchronized (this) {
            timer = next;
            if (phase == Phase.ENDED) {
                next.cancel();
            }
        }
    }

    private synchronized void cancelTimer() {
        if (timer != null) {
            timer.cancel();
        }
    }

    /** Returns the timeout of a strategy, at most {@code longest}. Calls user code. */
    static Duration timeout(RecoveryStrategy strategy, Duration longest) {
        Duration own = UserCode.call(strategy::timeout, longest, _ -> {});
        return own == null || !own.isPositive() ? longest : shorter(own, longest);
    }

    static Duration shorter(Duration first, Duration second) {
        return first.compareTo(second) < 0 ? first : second;
    }
}
