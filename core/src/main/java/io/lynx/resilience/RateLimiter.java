package io.lynx.resilience;

import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Lets calls through at a steady rate with room for a burst; a call may wait for its turn for a bounded while. It keeps
 * one number, the time at which the burst is used up, and needs no thread: the generic cell rate algorithm (ITU-T I.371,
 * annex A), which is a token bucket that is never refilled. Thread-safe and lock-free.
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
        this.burstNanos = intervalNanos * (builder.burst - 1L);
        this.maxWaitNanos = builder.maxWait.toNanos();
        this.ticker = builder.ticker;
        this.sleeper = builder.sleeper;
        this.arrival = new AtomicLong(ticker.nanos() - intervalNanos);
    }

    /** A builder of a limiter of {@code permits} calls a {@code period}. */
    public static Builder builder(String name, int permits, Duration period) {
        return new Builder(name, permits, period);
    }

    /** Takes a turn if there is one now. */
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
     * @throws RateLimitExceededException if it would come too late
     * @throws InterruptedException if this thread is interrupted while it waits; the turn is lost
     */
    public void acquire() throws InterruptedException {
        acquire(Long.MAX_VALUE);
    }

    /** Takes a turn that comes within {@code mostNanos} too. */
    void acquire(long mostNanos) throws InterruptedException {
        long wait = reserve(Math.min(maxWaitNanos, mostNanos));
        if (wait < 0) {
            rejected.increment();
            throw new RateLimitExceededException(name, permits + " calls in " + period, Duration.ofNanos(-wait));
        }
        if (wait > 0) {
            sleeper.sleep(Duration.ofNanos(wait));
        }
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

    /** The nanoseconds to wait, or if they are more than {@code most} their negative and nothing is taken. */
    private long reserve(long most) {
        for (; ; ) {
            long seen = arrival.get();
            long now = ticker.nanos();
            long ahead = seen - now;
            // No use can put it further ahead than this; then the clock went back, and the limiter starts anew.
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

    /** The name. */
    public String name() {
        return name;
    }

    /** Total of refused calls. */
    public long rejections() {
        return rejected.sum();
    }

    /** Collects the values of a {@link RateLimiter}. Not thread-safe. */
    public static final class Builder {
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

        /** Calls that may come at once after a quiet time; the permits of a period unless set. */
        public Builder burst(int calls) {
            this.burst = calls;
            return this;
        }

        /** How long a call may wait for its turn; zero unless set. */
        public Builder maxWait(Duration duration) {
            this.maxWait = duration;
            return this;
        }

        /** The clock; the JVM's unless set. */
        public Builder ticker(Ticker clock) {
            this.ticker = clock;
            return this;
        }

        /** How to wait; in real time unless set. */
        public Builder sleeper(Sleeper waiting) {
            this.sleeper = waiting;
            return this;
        }

        /**
         * The limiter.
         *
         * @throws IllegalArgumentException naming every value that is out of range
         */
        public RateLimiter build() {
            Problems problems = new Problems("rate_limiter " + name);
            problems.unless(permits >= 1, "permits", permits, "at least 1");
            problems.unless(burst >= 1, "burst", burst, "at least 1");
            problems.within("period", period, Duration.ofMillis(1), Duration.ofDays(1));
            problems.within("max_wait", maxWait, Duration.ZERO, Duration.ofHours(1));
            problems.raise();
            return new RateLimiter(this);
        }
    }
}
