package io.lynx.http.client;

import io.lynx.config.Binding;
import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Range;
import java.time.Duration;
import java.util.Optional;

/**
 * The policies of a client: the section {@code lynx.clients.<name>.policies}. Immutable.
 *
 * @param retryAttempts attempts of a call that may be made twice, the first included
 * @param retryDelay bound of the first wait between two attempts
 * @param retryMaxDelay bound of every wait; a service that asks for a longer one is not called again
 * @param circuitBreaker whether calls pass through the circuit breaker {@code client.<name>}
 * @param maxCalls calls at a time
 * @param maxCallsWait how long a call may wait for its turn
 * @param rateLimit calls in a period
 * @param ratePeriod that period
 * @param rateWait how long a call may wait for its turn
 * @param hedgeAfter when a call that may be made twice, and has no answer, is made a second time
 */
public record PolicyConfig(
        @Doc("Attempts of a call that may be made twice, the first included; 1 for no retry.")
        @Default("3")
        @Range(min = "1", max = "10")
        int retryAttempts,

        @Doc("Bound of the first wait between two attempts; it doubles, and the wait is random up to it.")
        @Default("100ms")
        @Range(min = "0s", max = "1h")
        Duration retryDelay,

        @Doc("Bound of every wait; if Retry-After asks for a longer one, the call is not retried.")
        @Default("5s")
        @Range(min = "0s", max = "1h")
        Duration retryMaxDelay,

        @Doc("Whether calls pass through the circuit breaker client.<name>, which lynx.circuit_breaker configures.")
        @Default("true")
        boolean circuitBreaker,

        @Doc("How many calls may be made at a time; no limit if not set.") @Range(min = "1")
        Optional<Integer> maxCalls,

        @Doc("How long a call above max_calls may wait for its turn.") @Default("0s") @Range(min = "0s", max = "1h")
        Duration maxCallsWait,

        @Doc("How many calls may be made in each rate_period; no limit if not set.") @Range(min = "1")
        Optional<Integer> rateLimit,

        @Doc("The period of rate_limit.") @Default("1s") @Range(min = "1ms", max = "1d")
        Duration ratePeriod,

        @Doc("How long a call above rate_limit may wait for its turn.") @Default("0s") @Range(min = "0s", max = "1h")
        Duration rateWait,

        @Doc("When a call that may be made twice and has no answer is made a second time; never if not set.")
        @Range(min = "1ms", max = "1h")
        Optional<Duration> hedgeAfter) {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the bound of the first wait is longer than that of every wait
     */
    public PolicyConfig {
        if (retryDelay.compareTo(retryMaxDelay) > 0) {
            throw new IllegalArgumentException("retry_delay is longer than retry_max_delay; at most as long");
        }
    }

    /** Returns the configuration of an empty section. */
    public static PolicyConfig defaults() {
        return Binding.defaults(PolicyConfig.class);
    }

    /** Returns a copy with another number of attempts; 1 for no retry. */
    public PolicyConfig withRetryAttempts(int attempts) {
        return new PolicyConfig(
                attempts,
                retryDelay,
                retryMaxDelay,
                circuitBreaker,
                maxCalls,
                maxCallsWait,
                rateLimit,
                ratePeriod,
                rateWait,
                hedgeAfter);
    }

    /** Returns a copy with other bounds of the waits between two attempts. */
    public PolicyConfig withRetryDelays(Duration first, Duration longest) {
        return new PolicyConfig(
                retryAttempts,
                first,
                longest,
                circuitBreaker,
                maxCalls,
                maxCallsWait,
                rateLimit,
                ratePeriod,
                rateWait,
                hedgeAfter);
    }

    /** Returns a copy with or without the circuit breaker. */
    public PolicyConfig withCircuitBreaker(boolean isUsed) {
        return new PolicyConfig(
                retryAttempts,
                retryDelay,
                retryMaxDelay,
                isUsed,
                maxCalls,
                maxCallsWait,
                rateLimit,
                ratePeriod,
                rateWait,
                hedgeAfter);
    }

    /** Returns a copy that makes at most {@code calls} calls at a time; others wait for their turn. */
    public PolicyConfig withMaxCalls(int calls, Duration wait) {
        return new PolicyConfig(
                retryAttempts,
                retryDelay,
                retryMaxDelay,
                circuitBreaker,
                Optional.of(calls),
                wait,
                rateLimit,
                ratePeriod,
                rateWait,
                hedgeAfter);
    }

    /** Returns a copy that makes at most {@code calls} calls in a period; others wait for their turn. */
    public PolicyConfig withRateLimit(int calls, Duration period, Duration wait) {
        return new PolicyConfig(
                retryAttempts,
                retryDelay,
                retryMaxDelay,
                circuitBreaker,
                maxCalls,
                maxCallsWait,
                Optional.of(calls),
                period,
                wait,
                hedgeAfter);
    }

    /** Returns a copy that makes a call without an answer a second time. */
    public PolicyConfig withHedgeAfter(Duration time) {
        return new PolicyConfig(
                retryAttempts,
                retryDelay,
                retryMaxDelay,
                circuitBreaker,
                maxCalls,
                maxCallsWait,
                rateLimit,
                ratePeriod,
                rateWait,
                Optional.of(time));
    }
}
