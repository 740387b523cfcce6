package io.lynx.resilience;

import io.lynx.context.RequestContext;
import io.lynx.extension.Registration;
import io.lynx.resilience.CallRejectedException.RateLimitExceededException;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import io.lynx.time.Sleeper;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Accepts calls at a steady rate and in bursts; a call may wait for its turn for a bounded time. It keeps one number, the time
 * at which the burst is used up, and needs no thread: the generic cell rate algorithm (ITU-T I.371, annex A), which is a token
 * bucket that is never refilled. Thread-safe and lock-free.
 */
public final class RateLimiter {
    private final String name;
    private final int permits;
    private final Duration period;
    private final long intervalNanos;
    private final long burstNanos;
    private final long maxWaitNanos;
    private final Ticker ticker;
    private final Sleeper sleeper;
    private final LongAdder rejected = new LongAdder();

    /** The reading at which a call would be exactly on the rate; ahead of the clock by what has been used of the burst. */
    private final AtomicLong arrival;

    private RateLimiter(Builder builder) {
        this.name = builder.name;
        this.permits = builder.permits;
        this.period = builder.period;
        this.intervalNanos = Math.max(1, period.toNanos() / permits);
        this.burstNanos = Math.multiplyExact(intervalNanos, builder.burst - 1L);
        this.maxWaitNanos = builder.maxWait.toNanos();
        this.ticker = builder.ticker;
        this.sleeper = builder.sleeper;
        this.arrival = new AtomicLong(ticker.nanos() - intervalNanos);
    }

    /** Returns a builder of a limiter of {@code permits} calls per {@code period}, which is 1 ms to 1 day. */
    public static Builder builder(String name, int permits, Duration period) {
        return new Builder(name, permits, period);
    }

    /** Takes a turn if there is one now; returns whether it did. */
    public boolean tryAcquire() {
        boolean taken = reserve(0) >= 0;
        if (!taken) {
            rejected.increment();
        }
        return taken;
    }

    /**
     * Takes a turn, waiting for it if need be.
     *
     * @throws RateLimitExceededException if it would come too late, or the request was cancelled; in that case the turn is lost
     * @throws InterruptedException if this thread is interrupted while it waits; the turn is lost
     */
    public void acquire() throws InterruptedException {
        Deadline request = maxWaitNanos == 0 ? null : CallLimits.ofRequest(null);
        acquire(request == null ? Long.MAX_VALUE : request.remainingNanos());
    }

    /** Takes a turn that comes within {@code mostNanos}. */
    void acquire(long mostNanos) throws InterruptedException {
        long wait = reserve(Math.min(maxWaitNanos, mostNanos));
        if (wait < 0) {
            rejected.increment();
            throw rejection(wait);
        }
        if (wait > 0 && !CancellableSleep.sleep(sleeper, Duration.ofNanos(wait))) {
            throw rejection(-wait);
        }
    }

    /** Returns a future that completes at the call's turn, or fails with a {@link RateLimitExceededException}. */
    CompletableFuture<@Nullable Void> acquireAsync(Scheduler scheduler, long mostNanos) {
        CompletableFuture<@Nullable Void> turn = new CompletableFuture<>();
        long wait = reserve(Math.min(maxWaitNanos, mostNanos));
        if (wait < 0) {
            rejected.increment();
            turn.completeExceptionally(rejection(wait));
        } else if (wait == 0) {
            turn.complete(null);
        } else {
            Scheduler.Scheduled timer = scheduler.after(Duration.ofNanos(wait), () -> turn.complete(null));
            Registration cancellation =
                    RequestContext.current().onCancel(() -> turn.completeExceptionally(rejection(-wait)));
            var _ = turn.whenComplete((_, _) -> {
                boolean _ = timer.cancel();
                cancellation.close();
            });
        }
        return turn;
    }

    private RateLimitExceededException rejection(long wait) {
        return new RateLimitExceededException(name, permits + " calls in " + period, Duration.ofNanos(-wait));
    }

    /**
     * Makes a call when it is its turn.
     *
     * @throws RateLimitExceededException if that would be too late
     * @throws Exception what the call threw
     */
    public <T> T call(Callable<T> callable) throws Exception {
        acquire();
        return callable.call();
    }

    /** Returns the nanoseconds to wait; if they are more than {@code most}, returns them negated and takes nothing. */
    private long reserve(long most) {
        for (; ; ) {
            long seen = arrival.get();
            long now = ticker.nanos();
            long ahead = seen - now;
            // Calls cannot put it further ahead than this; if it is, the clock went back and the limiter starts again.
            boolean clockWentBack = ahead > burstNanos + intervalNanos + maxWaitNanos;
            long base = ahead < 0 || clockWentBack ? now : seen;
            long wait = Math.max(0, base - now - burstNanos);
            if (wait > most) {
                return -wait;
            }
            if (arrival.compareAndSet(seen, base + intervalNanos)) {
                return wait;
            }
        }
    }

    /** Returns the total of rejected calls. */
    public long rejections() {
        return rejected.sum();
    }

    /** Collects the values of a {@link RateLimiter}. Not thread-safe. */
    public static final class Builder {
        private static final Duration LONGEST_BURST = Duration.ofDays(365);

        private final String name;
        private final int permits;
        private final Duration period;
        private int burst;
        private Duration maxWait = Duration.ZERO;
        private Ticker ticker = Ticker.system();
        private Sleeper sleeper = Sleeper.system();

        private Builder(String name, int permits, Duration period) {
            this.name = name;
            this.permits = permits;
            this.period = period;
            this.burst = permits;
        }

        /** Sets the number of calls that may come at once after a quiet time; the permits of a period unless set. */
        public Builder burst(int calls) {
            this.burst = calls;
            return this;
        }

        /** Sets how long a call may wait for its turn; zero unless set. */
        public Builder maxWait(Duration duration) {
            this.maxWait = duration;
            return this;
        }

        /** Sets the clock; the JVM's unless set. */
        public Builder ticker(Ticker clock) {
            this.ticker = clock;
            return this;
        }

        /** Sets how synchronous calls wait; in real time unless set. */
        Builder sleeper(Sleeper waiting) {
            this.sleeper = waiting;
            return this;
        }

        /**
         * Returns the limiter.
         *
         * @throws IllegalArgumentException naming every value that is out of range
         */
        public RateLimiter build() {
            Problems problems = new Problems("rate_limiter " + name);
            problems.unless(permits >= 1, "permits", permits, "at least 1");
            problems.unless(burst >= 1, "burst", burst, "at least 1");
            problems.within("period", period, Duration.ofMillis(1), Duration.ofDays(1));
            problems.within("max_wait", maxWait, Duration.ZERO, Duration.ofHours(1));
            boolean isComputable = permits >= 1 && period.compareTo(LONGEST_BURST) < 0;
            boolean isBounded =
                    !isComputable || period.toNanos() / permits <= LONGEST_BURST.toNanos() / Math.max(1, burst);
            problems.unless(isBounded, "burst", burst, "what the rate gives in " + LONGEST_BURST);
            problems.raise();
            return new RateLimiter(this);
        }
    }
}
