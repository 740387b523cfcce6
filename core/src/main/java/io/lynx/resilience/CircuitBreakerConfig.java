package io.lynx.resilience;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link CircuitBreaker} decides. Immutable; made by its {@link #builder() builder}.
 *
 * @param threshold consecutive failures that open it, at least 1; not used if there is a window
 * @param timeout how long it stays open before it probes, at least 1 ms
 * @param halfOpenLimit probes in flight at most, and successes that close it, 1 to 10,000
 * @param halfOpenMaxWait probes that are out for longer are given up and a new round begins, at least 1 ms
 * @param growth factor on the timeout each time that probes fail, 1 to 100
 * @param maxTimeout what the timeout grows to at most, at least the timeout
 * @param window a sliding window to use in place of consecutive failures
 * @param failure whether what a call threw is a failure of what it called; cancellations and rejections never are
 */
public record CircuitBreakerConfig(
        int threshold,
        Duration timeout,
        int halfOpenLimit,
        Duration halfOpenMaxWait,
        double growth,
        Duration maxTimeout,
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
        window.ifPresent(w -> w.check(problems));
        problems.raise();
    }

    /** Five consecutive failures, one minute, three probes. */
    public static CircuitBreakerConfig defaults() {
        return builder().build();
    }

    /** A builder that starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts from these values. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.threshold = threshold;
        builder.timeout = timeout;
        builder.halfOpenLimit = halfOpenLimit;
        builder.halfOpenMaxWait = halfOpenMaxWait;
        builder.growth = growth;
        builder.maxTimeout = maxTimeout;
        builder.window = window;
        builder.failure = failure;
        return builder;
    }

    /** Whether {@code cause} counts against what was called. */
    boolean isFailure(Throwable cause) {
        return !FailureClassifier.isNoVerdict(cause) && failure.test(cause);
    }

    /** How long the breaker stays open after probes have failed {@code reopenings} times in a row. */
    long openNanos(int reopenings) {
        double grown = timeout.toNanos() * Math.pow(growth, reopenings);
        return (long) Math.min(grown, (double) maxTimeout.toNanos());
    }

    /** Collects the values of a {@link CircuitBreakerConfig}. Not thread-safe. */
    public static final class Builder {
        private static final Duration DEFAULT_MAX_TIMEOUT = Duration.ofMinutes(5);

        private int threshold = 5;
        private Duration timeout = Duration.ofSeconds(60);
        private int halfOpenLimit = 3;
        private @Nullable Duration halfOpenMaxWait;
        private double growth = 1;
        private @Nullable Duration maxTimeout;
        private Optional<WindowConfig> window = Optional.empty();
        private Predicate<? super Throwable> failure = _ -> true;

        private Builder() {}

        /** Consecutive failures that open the breaker; 5 unless set. */
        public Builder threshold(int failures) {
            this.threshold = failures;
            return this;
        }

        /** How long the breaker stays open before it probes; 60 s unless set. */
        public Builder timeout(Duration duration) {
            this.timeout = duration;
            return this;
        }

        /** Probes in flight at most, and successes that close the breaker; 3 unless set. */
        public Builder halfOpenLimit(int probes) {
            this.halfOpenLimit = probes;
            return this;
        }

        /** When probes count as lost; the timeout unless set. */
        public Builder halfOpenMaxWait(Duration duration) {
            this.halfOpenMaxWait = duration;
            return this;
        }

        /** Factor on the timeout each time that probes fail; 1 unless set. */
        public Builder growth(double factor) {
            this.growth = factor;
            return this;
        }

        /** What the timeout grows to at most; unless set 5 min, or the timeout if that is longer. */
        public Builder maxTimeout(Duration duration) {
            this.maxTimeout = duration;
            return this;
        }

        /** Rates over a window decide, not consecutive failures. */
        public Builder window(WindowConfig slidingWindow) {
            this.window = Optional.of(slidingWindow);
            return this;
        }

        /** Which exceptions are failures; all unless set, and never cancellations and rejections. */
        public Builder failureWhen(Predicate<? super Throwable> isFailure) {
            this.failure = isFailure;
            return this;
        }

        /**
         * The configuration.
         *
         * @throws IllegalArgumentException naming every value that is out of range
         */
        public CircuitBreakerConfig build() {
            Duration most = timeout.compareTo(DEFAULT_MAX_TIMEOUT) > 0 ? timeout : DEFAULT_MAX_TIMEOUT;
            return new CircuitBreakerConfig(
                    threshold,
                    timeout,
                    halfOpenLimit,
                    halfOpenMaxWait == null ? timeout : halfOpenMaxWait,
                    growth,
                    maxTimeout == null ? most : maxTimeout,
                    window,
                    failure);
        }
    }
}
