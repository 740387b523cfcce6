package io.lynx.resilience;

import io.lynx.config.ConfigSection;
import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Durations;
import io.lynx.config.Range;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The circuit breakers' configuration: {@code lynx.circuit_breaker}. What is not said for a breaker by name is as it is
 * for all.
 *
 * @param defaultThreshold consecutive failures that open a breaker
 * @param defaultTimeout how long it stays open before it lets probes through
 * @param halfOpenLimit probes at a time, all of which must succeed to close it
 * @param halfOpenMaxWait how long lost probes may hold it half-open; null for the timeout
 * @param growthFactor by which each reopening lengthens the timeout
 * @param maxTimeout which it does not grow past
 * @param window counts failures by rate, in place of consecutive ones; null for consecutive
 * @param breakers what is different for single breakers, by name
 */
public record CircuitBreakerSection(
        @Default("5") @Range(min = "1") @Doc("Consecutive failures that open a breaker.")
        int defaultThreshold,

        @Default("60s")
        @Range(min = "1ms", max = "1d")
        @Doc("How long a breaker stays open before it lets probes through.")
        Duration defaultTimeout,

        @Default("3")
        @Range(min = "1", max = "10000")
        @Doc("Probes at a time, all of which must succeed to close a breaker.")
        int halfOpenLimit,

        @Range(min = "1ms", max = "1d")
        @Doc("How long lost probes may hold a breaker half-open; the timeout if not set.")
        @Nullable
        Duration halfOpenMaxWait,

        @Default("1") @Range(min = "1", max = "100") @Doc("By which each reopening lengthens the timeout.")
        double growthFactor,

        @Default("5m") @Range(min = "1ms", max = "1d") @Doc("Which the timeout does not grow past.")
        Duration maxTimeout,

        @Doc("Counts failures by rate in place of consecutive ones.") @Nullable
        Window window,

        @Doc("What is different for single breakers.") Map<String, Breaker> breakers) {
    /** Where it is written. */
    public static final ConfigSection<CircuitBreakerSection> SECTION =
            ConfigSection.of("lynx.circuit_breaker", CircuitBreakerSection.class);

    /**
     * Copies the breakers.
     *
     * @throws IllegalArgumentException if the timeout is to grow and is above its maximum already
     */
    public CircuitBreakerSection {
        breakers = Map.copyOf(breakers);
        if (growthFactor > 1 && maxTimeout.compareTo(defaultTimeout) < 0) {
            throw new IllegalArgumentException(
                    "max_timeout is below default_timeout; at least as long, or growth_factor 1");
        }
    }

    /** What holds for every breaker that the section does not name, be it of a plugin, of a call or of a recovery. */
    public CircuitBreakerConfig common() {
        return SectionMapping.common(this);
    }

    /**
     * What is different for one breaker; null leaves what the section above says.
     *
     * @param threshold consecutive failures that open it
     * @param timeout how long it stays open before it lets probes through
     * @param halfOpenLimit probes at a time, all of which must succeed to close it
     * @param halfOpenMaxWait how long lost probes may hold it half-open
     * @param growthFactor by which each reopening lengthens the timeout
     * @param maxTimeout which it does not grow past
     * @param window counts failures by rate, in place of consecutive ones
     */
    public record Breaker(
            @Range(min = "1") @Doc("Consecutive failures that open this breaker.") @Nullable
            Integer threshold,

            @Range(min = "1ms", max = "1d")
            @Doc("How long this breaker stays open before it lets probes through.")
            @Nullable
            Duration timeout,

            @Range(min = "1", max = "10000")
            @Doc("Probes at a time, all of which must succeed to close this breaker.")
            @Nullable
            Integer halfOpenLimit,

            @Range(min = "1ms", max = "1d") @Doc("How long lost probes may hold this breaker half-open.") @Nullable
            Duration halfOpenMaxWait,

            @Range(min = "1", max = "100") @Doc("By which each reopening lengthens the timeout.") @Nullable
            Double growthFactor,

            @Range(min = "1ms", max = "1d") @Doc("Which the timeout does not grow past.") @Nullable
            Duration maxTimeout,

            @Doc("Counts failures by rate in place of consecutive ones.") @Nullable
            Window window) {}

    /**
     * A sliding window in which rates decide.
     *
     * @param type what it is made of
     * @param size how many calls or how long; null for 100 calls or 60 s
     * @param minimumCalls in the window before any rate counts
     * @param failureRate failures among the calls that open the breaker, from 0 to 1
     * @param slowCallDuration from which a call is slow; null if slowness does not count
     * @param slowCallRate slow ones among the calls that open the breaker, from 0 to 1
     */
    public record Window(
            @Default("count") @Doc("Whether the window is made of calls or of time.")
            Type type,

            @Doc("The number of calls, or a duration; 100 or 60s if not set.") @Nullable
            Extent size,

            @Default("10") @Range(min = "1") @Doc("Calls in the window before any rate counts.")
            int minimumCalls,

            @Default("0.5") @Range(min = "0.001", max = "1") @Doc("Failures among the calls that open a breaker.")
            double failureRate,

            @Range(min = "1ms", max = "1d")
            @Doc("From which a call is slow; slowness does not count if not set.")
            @Nullable
            Duration slowCallDuration,

            @Default("1") @Range(min = "0.001", max = "1") @Doc("Slow ones among the calls that open a breaker.")
            double slowCallRate) {
        /** What a window is made of. */
        public enum Type {
            /** The last so many calls. */
            COUNT,
            /** The calls of the last so long. */
            TIME
        }

        /**
         * Fills in the size.
         *
         * @throws IllegalArgumentException if the size is not of the type, or holds fewer calls than the minimum
         */
        public Window {
            if (size == null) {
                size = type == Type.COUNT ? new Extent(100, Duration.ZERO) : new Extent(0, Duration.ofSeconds(60));
            }
            if (type == Type.COUNT && size.calls() == 0) {
                throw new IllegalArgumentException("size is a duration; a window of type count has a number of calls");
            }
            if (type == Type.TIME && size.calls() != 0) {
                throw new IllegalArgumentException(
                        "size is a number; a window of type time has a duration such as '60s'");
            }
            if (type == Type.COUNT && minimumCalls > size.calls()) {
                throw new IllegalArgumentException("minimum_calls is " + minimumCalls + " and size " + size.calls()
                        + "; at most the size, or the breaker never opens");
            }
        }

        /** The size, filled in. */
        @Override
        public Extent size() {
            return java.util.Objects.requireNonNull(size);
        }
    }

    /**
     * How much a window holds.
     *
     * @param calls a number of calls; 0 for a window of time
     * @param time a duration; zero for a window of calls
     */
    public record Extent(int calls, Duration time) {
        private static final String FORM = "a number of calls from 1 to 10000, or a duration from 1s to 1d";

        /**
         * Reads a number of calls, or a duration.
         *
         * @throws IllegalArgumentException if {@code text} is neither
         */
        public static Extent parse(String text) {
            boolean isNumber = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
            try {
                Extent extent = isNumber
                        ? new Extent(Integer.parseInt(text), Duration.ZERO)
                        : new Extent(0, Durations.parse(text));
                boolean isSane = isNumber
                        ? extent.calls >= 1 && extent.calls <= WindowConfig.Count.MOST
                        : extent.time.toSeconds() >= 1 && extent.time.toDays() <= 1;
                if (isSane) {
                    return extent;
                }
            } catch (IllegalArgumentException neither) {
                throw new IllegalArgumentException(FORM, neither);
            }
            throw new IllegalArgumentException(FORM);
        }
    }
}
