package io.lynx.resilience;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.context.RequestContext;
import io.lynx.extension.Registration;
import io.lynx.resilience.CallRejectedException.BulkheadFullException;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets a bounded number of calls run at the same time, and others wait for a bounded time in the order of their arrival.
 * Thread-safe.
 */
public final class Bulkhead {
    private final String name;
    private final int limit;
    private final Duration maxWait;
    private final LongAdder rejected = new LongAdder();
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private int available;

    @GuardedBy("lock")
    private final Deque<CompletableFuture<Slot>> waiting = new ArrayDeque<>();

    private Bulkhead(String name, int limit, Duration maxWait) {
        this.name = name;
        this.limit = limit;
        this.maxWait = maxWait;
        this.available = limit;
    }

    /**
     * Returns a bulkhead.
     *
     * @param limit maximum number of calls at the same time, at least 1
     * @param maxWait how long a call may wait for its turn, up to 1 h; zero to reject at once
     * @throws IllegalArgumentException if a value is out of range
     */
    public static Bulkhead of(String name, int limit, Duration maxWait) {
        Problems problems = new Problems("bulkhead " + name);
        problems.unless(limit >= 1, "limit", limit, "at least 1");
        problems.within("max_wait", maxWait, Duration.ZERO, Duration.ofHours(1));
        problems.raise();
        return new Bulkhead(name, limit, maxWait);
    }

    /** The right to make one call, until it is closed. Thread-safe; closing is idempotent and may happen on any thread. */
    public static final class Slot implements AutoCloseable {
        private final Bulkhead bulkhead;
        private final AtomicBoolean isClosed = new AtomicBoolean();

        private Slot(Bulkhead bulkhead) {
            this.bulkhead = bulkhead;
        }

        @Override
        public void close() {
            if (isClosed.compareAndSet(false, true)) {
                bulkhead.release();
            }
        }
    }

    /**
     * Returns a slot, waiting for it if need be. Close it when the call has ended.
     *
     * @throws BulkheadFullException if there was none in time, or the request was cancelled
     * @throws InterruptedException if this thread is interrupted while it waits
     */
    public Slot acquire() throws InterruptedException {
        CompletableFuture<Slot> requested = request();
        if (requested.isDone()) {
            return requested.join();
        }
        Duration wait = longestWait(maxWait);
        try (Registration _ = whenCancelled(requested)) {
            return requested.get(wait.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            if (withdraw(requested)) {
                throw rejection(wait);
            }
            return outcome(requested);
        } catch (InterruptedException interrupted) {
            giveUp(requested);
            throw interrupted;
        } catch (ExecutionException refused) {
            throw refusal(refused);
        }
    }

    /** Returns a slot as {@link #acquire()} does, waiting for {@code most} at most, by the time of {@code scheduler}. */
    Slot acquire(Scheduler scheduler, Duration most) throws InterruptedException {
        CompletableFuture<Slot> requested = acquireAsync(scheduler, most);
        try {
            return requested.get();
        } catch (InterruptedException interrupted) {
            giveUp(requested);
            throw interrupted;
        } catch (ExecutionException refused) {
            throw refusal(refused);
        }
    }

    private static Slot outcome(CompletableFuture<Slot> requested) {
        try {
            return requested.join();
        } catch (CompletionException refused) {
            throw refusal(refused);
        }
    }

    private static RuntimeException refusal(Exception wrapper) {
        return wrapper.getCause() instanceof BulkheadFullException full ? full : new IllegalStateException(wrapper);
    }

    /** Returns a future that completes with a slot, or fails with a {@link BulkheadFullException}. */
    CompletableFuture<Slot> acquireAsync(Scheduler scheduler, Duration most) {
        CompletableFuture<Slot> requested = request();
        if (requested.isDone()) {
            return requested;
        }
        Duration wait = longestWait(most);
        if (wait.isZero()) {
            expire(requested, wait);
            return requested;
        }
        Scheduler.Scheduled timer;
        try {
            timer = scheduler.after(wait, () -> expire(requested, wait));
        } catch (RuntimeException | Error noTimer) {
            giveUp(requested); // Otherwise it would receive a slot that is never given back.
            throw noTimer;
        }
        Registration cancellation = whenCancelled(requested);
        var _ = requested.whenComplete((_, _) -> {
            boolean _ = timer.cancel();
            cancellation.close();
        });
        return requested;
    }

    /** Ends the wait for a slot when the bound request is cancelled. */
    private Registration whenCancelled(CompletableFuture<Slot> requested) {
        return RequestContext.current().onCancel(() -> {
            if (withdraw(requested)) {
                requested.completeExceptionally(new BulkheadFullException(name, limit, null));
            }
        });
    }

    private Duration longestWait(Duration most) {
        Duration wait = most.compareTo(maxWait) < 0 ? most : maxWait;
        Deadline request = wait.isZero() ? null : CallLimits.ofRequest(null);
        return request == null || request.remaining().compareTo(wait) > 0 ? wait : request.remaining();
    }

    private void expire(CompletableFuture<Slot> requested, Duration waited) {
        if (withdraw(requested)) {
            requested.completeExceptionally(rejection(waited));
        }
    }

    private void giveUp(CompletableFuture<Slot> requested) {
        if (!withdraw(requested)) {
            var _ = requested.thenAccept(Slot::close);
        }
    }

    private BulkheadFullException rejection(Duration waited) {
        rejected.increment();
        return new BulkheadFullException(name, limit, waited);
    }

    private CompletableFuture<Slot> request() {
        lock.lock();
        try {
            CompletableFuture<Slot> requested = new CompletableFuture<>();
            if (available > 0 && waiting.isEmpty()) {
                available--;
                requested.complete(new Slot(this));
            } else {
                waiting.addLast(requested);
            }
            return requested;
        } finally {
            lock.unlock();
        }
    }

    /** Removes a request from the queue; returns false if it has left the queue already. */
    @SuppressWarnings("CollectionUndefinedEquality") // The same future is meant.
    private boolean withdraw(CompletableFuture<Slot> requested) {
        lock.lock();
        try {
            return waiting.remove(requested);
        } finally {
            lock.unlock();
        }
    }

    private void release() {
        CompletableFuture<Slot> next;
        lock.lock();
        try {
            next = waiting.pollFirst();
            if (next == null) {
                available++;
            }
        } finally {
            lock.unlock();
        }
        if (next != null) {
            next.complete(new Slot(this)); // Outside the lock, since the waiting call may start here.
        }
    }

    /**
     * Makes a call on this thread when there is a slot.
     *
     * @throws BulkheadFullException if there was none in time, or the request was cancelled
     * @throws InterruptedException if this thread is interrupted while it waits
     * @throws Exception what the call threw
     */
    public <T> T call(Callable<T> callable) throws Exception {
        try (Slot _ = acquire()) {
            return callable.call();
        }
    }

    /**
     * Starts an asynchronous call when there is a slot, which it holds until its stage completes. A call that waited starts on
     * a virtual thread.
     *
     * @param scheduler ends the wait
     * @return fails with a {@link BulkheadFullException} if there was no slot in time
     */
    public <T> CompletionStage<T> callAsync(Callable<? extends CompletionStage<T>> call, Scheduler scheduler) {
        return AsyncCalls.after(
                acquireAsync(scheduler, maxWait), slot -> AsyncCalls.start(call, (_, _) -> slot.close()));
    }

    /** Returns the number of calls that could start now. */
    public int available() {
        lock.lock();
        try {
            return available;
        } finally {
            lock.unlock();
        }
    }

    /** Returns the number of calls that wait. */
    public int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /** Returns the total of rejected calls. */
    public long rejections() {
        return rejected.sum();
    }
}
