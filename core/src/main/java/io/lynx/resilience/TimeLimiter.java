package io.lynx.resilience;

import io.lynx.resilience.CallTimeoutException.Scope;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;

/**
 * Stops waiting for a call that exceeds its time, or what is left of the time of the request that it is made for. Thread-safe.
 *
 * <p>By default the call runs on a virtual thread of its own and is not interrupted: an interrupt closes the connection that a
 * driver is blocked on and stops work between two writes. The caller gets a {@link CallTimeoutException} when the time is
 * over; the call goes on until it returns, and its result is dropped, and closed if it is {@code AutoCloseable}. This costs a
 * thread for each call, and thread-locals and scoped values of the caller are not visible to the call, except for the {@link
 * io.lynx.context.RequestContext}, whose deadline is that of the call. Give the call a time
 * limit of its own too, such as a query timeout, so that calls that nobody waits for do not pile up.
 *
 * <p>With {@link #interruptOnTimeout()} the call runs on the caller's thread and is interrupted. A call that ignores the
 * interrupt takes as long as it takes and then counts as timed out all the same.
 */
public final class TimeLimiter {
    private final Duration timeout;
    private final Scheduler scheduler;
    private final Ticker ticker;
    private final boolean isInterrupting;

    private TimeLimiter(Duration timeout, Scheduler scheduler, Ticker ticker, boolean isInterrupting) {
        this.timeout = timeout;
        this.scheduler = scheduler;
        this.ticker = ticker;
        this.isInterrupting = isInterrupting;
    }

    /**
     * Returns a limiter that does not interrupt.
     *
     * @param timeout 1 ms to 1 day
     * @param scheduler runs the time-outs
     * @throws IllegalArgumentException if the timeout is out of range
     */
    public static TimeLimiter of(Duration timeout, Scheduler scheduler) {
        return of(timeout, scheduler, Ticker.system());
    }

    /**
     * Returns a limiter that does not interrupt and measures time with {@code ticker}, such as the manual time of a test.
     *
     * @param timeout 1 ms to 1 day
     * @param scheduler runs the time-outs by the same time
     * @throws IllegalArgumentException if the timeout is out of range
     */
    public static TimeLimiter of(Duration timeout, Scheduler scheduler, Ticker ticker) {
        Problems problems = new Problems("time_limiter");
        problems.within("timeout", timeout, Duration.ofMillis(1), Duration.ofDays(1));
        problems.raise();
        return new TimeLimiter(timeout, scheduler, ticker, false);
    }

    /** Returns a limiter that makes calls on the caller's thread and interrupts them when their time is over. */
    public TimeLimiter interruptOnTimeout() {
        return new TimeLimiter(timeout, scheduler, ticker, true);
    }

    /**
     * Makes a call.
     *
     * @throws CallTimeoutException if it exceeded its time
     * @throws InterruptedException if this thread is interrupted; the interrupt is passed on to the call
     * @throws Exception what the call threw
     */
    public <T> T call(Callable<T> callable) throws Exception {
        return limit().call(callable, isInterrupting);
    }

    /**
     * Starts an asynchronous call. When its time is over the returned stage fails with a {@link CallTimeoutException}; the
     * call's own stage is cancelled only with {@link #interruptOnTimeout()}.
     */
    public <T> CompletionStage<T> callAsync(Callable<? extends CompletionStage<T>> call) {
        return limit().callAsync(call, isInterrupting);
    }

    private TimeLimit limit() {
        Deadline request = CallLimits.ofRequest(null);
        Duration remaining = request == null ? timeout : request.remaining();
        return remaining.compareTo(timeout) < 0
                ? new TimeLimit(remaining, Scope.REST_OF_CALL, null, ticker, scheduler)
                : new TimeLimit(timeout, Scope.ATTEMPT, null, ticker, scheduler);
    }
}
