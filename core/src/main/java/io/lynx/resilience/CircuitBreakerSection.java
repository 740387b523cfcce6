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
 * The configuration of circuit breakers: {@code lynx.circuit_breaker}. What is not set for a breaker by name is taken from the
 * options in its code, else from the values for all breakers.
 *
 * @param defaultThreshold consecutive failures that open a breaker
 * @param defaultTimeout how long a breaker stays open before it accepts probes
 * @param halfOpenLimit probes at a time, all of which must succeed to close a breaker
 * @param halfOpenMaxWait how long lost probes may hold a breaker half-open; null for the timeout
 * @param growthFactor factor by which the open time grows each time the breaker reopens
 * @param maxTimeout upper limit of the growing open time
 * @param timeoutJitter share by which each open time is shortened at random
 * @param window counts failures by rate, in place of consecutive ones; null for consecutive
 * @param breakers what differs for single breakers, by name
 */
public record CircuitBreakerSection(
        @Default("5") @Range(min = "1") @Doc("Consecutive failures that open a breaker.")
        int defaultThreshold,

        @Default("60s") @Range(min = "1ms", max = "1d") @Doc("How long a breaker stays open before it accepts probes.")
        Duration defaultTimeout,

        @Default("3")
        @Range(min = "1", max = "10000")
        @Doc("Probes at a time, all of which must succeed to close a breaker.")
        int halfOpenLimit,

        @Range(min = "1ms", max = "1d")
        @Doc("How long lost probes may hold a breaker half-open; the timeout if not set.")
        @Nullable
        Duration halfOpenMaxWait,

        @Default("1")
        @Range(min = "1", max = "100")
        @Doc("Factor by which the open time grows each time a breaker reopens.")
        double growthFactor,

        @Default("5m") @Range(min = "1ms", max = "1d") @Doc("Upper limit of the growing open time.")
        Duration maxTimeout,

        @Default("0")
        @Range(min = "0", max = "1")
        @Doc("Share by which each open time is shortened at random, so that instances do not probe together.")
        double timeoutJitter,

        @Doc("A window in which failures count by rate, in place of consecutive failures.") @Nullable
        Window window,

        @Doc("What differs for single breakers.") Map<String, Breaker> breakers) {
    /** The section that this record is bound to. */
    public static final ConfigSection<CircuitBreakerSection> SECTION =
            ConfigSection.of("lynx.circuit_breaker", CircuitBreakerSection.class);

    /**
     * Copies the breakers.
     *
     * @throws IllegalArgumentException if the open time grows and starts above its upper limit
     */
    public CircuitBreakerSection {
        breakers = Map.copyOf(breakers);
        if (growthFactor > 1 && maxTimeout.compareTo(defaultTimeout) < 0) {
            throw new IllegalArgumentException(
                    "max_timeout is below default_timeout; make it at least as long, or set growth_factor to 1");
        }
    }

    /** Returns the configuration of every breaker that has neither options nor a configuration of its own. */
    public CircuitBreakerConfig common() {
        return SectionMapping.common(this);
    }

    /**
     * What differs for one breaker; null leaves what its code or the section says.
     *
     * @param threshold consecutive failures that open it
     * @param timeout how long it stays open before it accepts probes
     * @param halfOpenLimit probes at a time, all of which must succeed to close it
     * @param halfOpenMaxWait how long lost probes may hold it half-open
     * @param growthFactor factor by which the open time grows each time it reopens
     * @param maxTimeout upper limit of the growing open time
     * @param timeoutJitter share by which each open time is shortened at random
     * @param window counts failures by rate, in place of consecutive ones
     */
    public record Breaker(
            @Range(min = "1") @Doc("Consecutive failures that open this breaker.") @Nullable
            Integer threshold,

            @Range(min = "1ms", max = "1d") @Doc("How long this breaker stays open before it accepts probes.") @Nullable
            Duration timeout,

            @Range(min = "1", max = "10000")
            @Doc("Probes at a time, all of which must succeed to close this breaker.")
            @Nullable
            Integer halfOpenLimit,

            @Range(min = "1ms", max = "1d") @Doc("How long lost probes may hold this breaker half-open.") @Nullable
            Duration halfOpenMaxWait,

            @Range(min = "1", max = "100")
            @Doc("Factor by which the open time grows each time this breaker reopens.")
            @Nullable
            Double growthFactor,

            @Range(min = "1ms", max = "1d") @Doc("Upper limit of the growing open time of this breaker.") @Nullable
            Duration maxTimeout,

            @Range(min = "0", max = "1") @Doc("Share by which each open time is shortened at random.") @Nullable
            Double timeoutJitter,

            @Doc("A window in which failures count by rate, in place of consecutive failures.") @Nullable
            Window window) {}

    /**
     * A sliding window in which rates decide.
     *
     * @param type whether it holds a number of calls or the calls of a time
     * @param size the number of calls, or the time; null for 100 calls or 60 s
     * @param minimumCalls number of calls in the window before any rate counts
     * @param failureRate share of failed calls that opens the breaker, from 0 to 1
     * @param slowCallDuration duration from which a call is slow; null if slowness does not count
     * @param slowCallRate share of slow calls that opens the breaker, from 0 to 1
     */
    public record Window(
            @Default("count") @Doc("Whether the window holds a number of calls (count) or the calls of a time (time).")
            Type type,

            @Doc("The number of calls, or the time; 100 or 60s if not set.") @Nullable
            Extent size,

            @Default("10") @Range(min = "1") @Doc("Number of calls in the window before any rate counts.")
            int minimumCalls,

            @Default("0.5") @Range(min = "0.001", max = "1") @Doc("Share of failed calls that opens a breaker.")
            double failureRate,

            @Range(min = "1ms", max = "1d")
            @Doc("Duration from which a call is slow; slowness does not count if not set.")
            @Nullable
            Duration slowCallDuration,

            @Default("1") @Range(min = "0.001", max = "1") @Doc("Share of slow calls that opens a breaker.")
            double slowCallRate) {
        /** What a window holds. */
        public enum Type {
            /** The configured number of most recent calls. */
            COUNT,
            /** The calls within the configured time. */
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
                throw new IllegalArgumentException(
                        "size is a duration; a window of type count needs a number of calls");
            }
            if (type == Type.TIME && size.calls() != 0) {
                throw new IllegalArgumentException(
                        "size is a number; a window of type time needs a duration such as '60s'");
            }
            if (type == Type.COUNT && minimumCalls > size.calls()) {
                throw new IllegalArgumentException("minimum_calls is " + minimumCalls + " and size is " + size.calls()
                        + "; minimum_calls must be at most the size, or the breaker never opens");
            }
        }

        /** Returns the size, which is never null. */
        @Override
        public Extent size() {
            return java.util.Objects.requireNonNull(size);
        }
    }

    /**
     * The capacity of a window.
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
        static Extent parse(String text) {
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
