package io.lynx.resilience;

import io.lynx.config.Binding;
import java.time.Duration;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a {@link CircuitBreaker}. Immutable; made by its {@link #builder() builder}.
 *
 * @param threshold consecutive failures that open it, at least 1; not used if there is a window
 * @param timeout how long it stays open before it probes, 1 ms to 1 year
 * @param halfOpenLimit maximum number of probes in flight, and number of successes that close it, 1 to 10,000
 * @param halfOpenMaxWait probes that take longer count as lost, and a new round begins, 1 ms to 1 year
 * @param growth factor by which the timeout grows each time that probes fail, 1 to 100
 * @param maxTimeout upper limit of the growing timeout, at least the timeout
 * @param jitter share by which the timeout is shortened at random, from 0 to 1
 * @param window a sliding window to use in place of consecutive failures
 * @param failure whether an exception counts as a failure of the called service; it is called with the exception inside the
 *     wrappers of futures and proxies, and never with cancellations and rejections
 */
public record CircuitBreakerConfig(
        int threshold,
        Duration timeout,
        int halfOpenLimit,
        Duration halfOpenMaxWait,
        double growth,
        Duration maxTimeout,
        double jitter,
        Optional<WindowConfig> window,
        Predicate<? super Throwable> failure) {
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(365);

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException naming every value that is out of range
     */
    public CircuitBreakerConfig {
        Problems problems = new Problems("circuit_breaker");
        problems.unless(threshold >= 1, "threshold", threshold, "at least 1");
        problems.within("timeout", timeout, SHORTEST, LONGEST);
        problems.unless(
                halfOpenLimit >= 1 && halfOpenLimit <= 10_000, "half_open_limit", halfOpenLimit, "1 to 10000 probes");
        problems.within("half_open_max_wait", halfOpenMaxWait, SHORTEST, LONGEST);
        problems.unless(growth >= 1 && growth <= 100, "growth", growth, "1 to 100");
        problems.unless(
                maxTimeout.compareTo(timeout) >= 0 && maxTimeout.compareTo(LONGEST) <= 0,
                "max_timeout",
                maxTimeout,
                "the timeout (" + timeout + ") to " + LONGEST);
        problems.unless(jitter >= 0 && jitter <= 1, "jitter", jitter, "0 to 1");
        window.ifPresent(w -> w.check(problems));
        problems.raise();
    }

    /** Returns the defaults of {@code lynx.circuit_breaker}. */
    public static CircuitBreakerConfig defaults() {
        return builder().build();
    }

    /** Returns a builder that starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns a builder that starts from these values; values that were derived from the timeout stay derived. */
    Builder toBuilder() {
        Builder builder = new Builder();
        builder.threshold = threshold;
        builder.timeout = timeout;
        builder.halfOpenLimit = halfOpenLimit;
        builder.halfOpenMaxWait = halfOpenMaxWait.equals(timeout) ? null : halfOpenMaxWait;
        builder.growth = growth;
        builder.maxTimeout = maxTimeout.equals(Builder.maxTimeoutOf(timeout)) ? null : maxTimeout;
        builder.jitter = jitter;
        builder.window = window;
        builder.failure = failure;
        return builder;
    }

    /** Returns how long the breaker stays open after probes have failed {@code reopenings} times in a row. */
    long openNanos(int reopenings, DoubleSupplier random) {
        double grown = timeout.toNanos() * Math.pow(growth, reopenings);
        double nanos = Math.min(grown, (double) maxTimeout.toNanos());
        return (long) (jitter == 0 ? nanos : nanos * (1 - jitter * random.getAsDouble()));
    }

    /**
     * Collects the values of a {@link CircuitBreakerConfig}; what is not set is as {@code lynx.circuit_breaker} has it by
     * default. Not thread-safe.
     */
    public static final class Builder {
        private static final CircuitBreakerSection DEFAULTS = Binding.defaults(CircuitBreakerSection.class);

        private int threshold = DEFAULTS.defaultThreshold();
        private Duration timeout = DEFAULTS.defaultTimeout();
        private int halfOpenLimit = DEFAULTS.halfOpenLimit();
        private @Nullable Duration halfOpenMaxWait;
        private double growth = DEFAULTS.growthFactor();
        private @Nullable Duration maxTimeout;
        private double jitter = DEFAULTS.timeoutJitter();
        private Optional<WindowConfig> window = Optional.empty();
        private Predicate<? super Throwable> failure = _ -> true;

        private Builder() {}

        /** Raises an upper limit that is below the timeout. */
        void raiseMaxTimeout() {
            if (maxTimeout != null && maxTimeout.compareTo(timeout) < 0) {
                maxTimeout = timeout;
            }
        }

        private static Duration maxTimeoutOf(Duration timeout) {
            Duration longest = DEFAULTS.maxTimeout();
            return timeout.compareTo(longest) > 0 ? timeout : longest;
        }

        /** Sets the consecutive failures that open the breaker. */
        public Builder threshold(int failures) {
            this.threshold = failures;
            return this;
        }

        /** Sets how long the breaker stays open before it probes. */
        public Builder timeout(Duration duration) {
            this.timeout = duration;
            return this;
        }

        /** Sets the maximum number of probes in flight, which is the number of successes that close the breaker. */
        public Builder halfOpenLimit(int probes) {
            this.halfOpenLimit = probes;
            return this;
        }

        /** Sets the time after which probes count as lost; the timeout unless set. */
        public Builder halfOpenMaxWait(Duration duration) {
            this.halfOpenMaxWait = duration;
            return this;
        }

        /** Sets the factor by which the timeout grows each time that probes fail. */
        public Builder growth(double factor) {
            this.growth = factor;
            return this;
        }

        /** Sets the upper limit of the growing timeout; the timeout if that is longer than the default. */
        public Builder maxTimeout(Duration duration) {
            this.maxTimeout = duration;
            return this;
        }

        /**
         * Sets the share by which each open time is shortened at random, so that the breakers of many instances do not probe
         * at the same moment.
         */
        public Builder jitter(double share) {
            this.jitter = share;
            return this;
        }

        /** Lets the rates over a window decide in place of consecutive failures. */
        public Builder window(WindowConfig slidingWindow) {
            this.window = Optional.of(slidingWindow);
            return this;
        }

        /**
         * Sets which exceptions count as failures; all unless set. Others count as successes, since the called service
         * answered. The predicate receives the exception inside the wrappers of futures and proxies, and never cancellations
         * and rejections, which do not count at all.
         */
        public Builder failureWhen(Predicate<? super Throwable> isFailure) {
            this.failure = isFailure;
            return this;
        }

        /**
         * Returns the configuration.
         *
         * @throws IllegalArgumentException naming every value that is out of range
         */
        public CircuitBreakerConfig build() {
            return new CircuitBreakerConfig(
                    threshold,
                    timeout,
                    halfOpenLimit,
                    halfOpenMaxWait == null ? timeout : halfOpenMaxWait,
                    growth,
                    maxTimeout == null ? maxTimeoutOf(timeout) : maxTimeout,
                    jitter,
                    window,
                    failure);
        }
    }
}
