package io.lynx.resilience;

import io.lynx.time.Scheduler;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Interrupts a call that takes too long. The call runs on the caller's thread, so it must heed interrupts; one that does
 * not takes as long as it takes and then counts as timed out all the same. Thread-safe.
 *
 * <p>Its interrupt is over when the limiter returns: the timer interrupts only while the call runs, under a lock that the
 * end of the call takes too, and the flag is cleared after that. Nested limiters each answer for their own: clearing the
 * flag of an inner one sets it again if an outer one has run out. An interrupt by somebody else in the same instant as
 * a timeout is one with it, as a thread has a single flag; its effect then is the timeout's.
 *
 * <p>A value that arrives after the timeout is dropped, and closed if it can be.
 */
public final class TimeLimiter {
    /** The innermost limited call of this thread. */
    private static final ScopedValue<Attempt> CURRENT = ScopedValue.newInstance();

    private final Duration timeout;
    private final Scheduler scheduler;

    private TimeLimiter(Duration timeout, Scheduler scheduler) {
        this.timeout = timeout;
        this.scheduler = scheduler;
    }

    /**
     * A limiter.
     *
     * @param timeout at least 1 ms
     * @param scheduler runs the interrupts
     * @throws IllegalArgumentException if the timeout is out of range
     */
    public static TimeLimiter of(Duration timeout, Scheduler scheduler) {
        Problems problems = new Problems("time_limiter");
        problems.within("timeout", timeout, Duration.ofMillis(1), Duration.ofDays(1));
        problems.raise();
        return new TimeLimiter(timeout, scheduler);
    }

    /** What a call is allowed. */
    public Duration timeout() {
        return timeout;
    }

    /**
     * Makes a call.
     *
     * @throws CallTimeoutException if it took too long
     * @throws InterruptedException if this thread was interrupted before
     * @throws Exception what the call threw
     */
    public <T> T call(Callable<T> callable) throws Exception {
        return call(callable, scheduler, timeout, CallTimeoutException.Scope.ATTEMPT);
    }

    /** Makes a call that is interrupted after {@code timeout}, which is the rest of {@code scope}'s time. */
    static <T> T call(Callable<T> callable, Scheduler scheduler, Duration timeout, CallTimeoutException.Scope scope)
            throws Exception {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        Attempt attempt = new Attempt(Thread.currentThread(), CURRENT.isBound() ? CURRENT.get() : null);
        Scheduler.Scheduled timer = scheduler.after(timeout, attempt::expire);
        T value;
        try {
            value = ScopedValue.where(CURRENT, attempt).call(callable::call);
        } catch (Exception e) {
            throw attempt.end() ? new CallTimeoutException(timeout, scope, e) : e;
        } catch (Error e) {
            attempt.end();
            throw e;
        } finally {
            timer.cancel();
        }
        if (attempt.end()) {
            CallTimeoutException late = new CallTimeoutException(timeout, scope, null);
            drop(value, late);
            throw late;
        }
        return value;
    }

    private static void drop(@Nullable Object value, CallTimeoutException late) {
        if (value instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Exception e) {
                late.addSuppressed(e);
            }
        }
    }
}
