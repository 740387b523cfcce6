package io.lynx.http;

import io.lynx.config.Binding;
import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Range;
import java.time.Duration;

/**
 * How many requests each client may make in a time. The section {@code lynx.http.rate_limit} applies to all routes of a server;
 * {@link StandardInterceptors#rateLimit} applies a configuration to a group or a route. Immutable; each {@code with} method returns a
 * changed copy.
 *
 * @param requests how many requests a client may make in a period
 * @param period the period
 * @param burst how many requests may come at once after a quiet time; 0 for as many as in a period
 * @param maxKeys for how many clients it is counted; the one that has been quiet longest gives way to a new one
 */
public record RateLimitConfig(
        @Doc("How many requests each address may make in a period; 0 for no limit") @Default("0") @Range(min = "0")
        int requests,

        @Doc("The period") @Default("1s") @Range(min = "1ms", max = "1d")
        Duration period,

        @Doc("How many requests may come at once after a quiet time; 0 for as many as in a period")
        @Default("0")
        @Range(min = "0")
        int burst,

        @Doc("For how many addresses requests are counted; the one that has been quiet longest gives way to a new one")
        @Default("10000")
        @Range(min = "1", max = "1000000")
        int maxKeys) {
    /**
     * A configuration with these components.
     *
     * @throws IllegalArgumentException if one of them is out of range
     */
    public RateLimitConfig {
        if (requests < 0 || burst < 0 || maxKeys < 1) {
            throw new IllegalArgumentException("rate limit: requests " + requests + ", burst " + burst + ", max_keys "
                    + maxKeys + "; 0 or more requests and burst, 1 or more keys");
        }
    }

    /** Returns a limit of so many requests in {@code period}, which may come at once. */
    public static RateLimitConfig of(int requests, Duration period) {
        RateLimitConfig defaults = Binding.defaults(RateLimitConfig.class);
        return new RateLimitConfig(requests, period, 0, defaults.maxKeys);
    }

    /** Returns a copy that lets so many requests come at once after a quiet time. */
    public RateLimitConfig withBurst(int most) {
        return new RateLimitConfig(requests, period, most, maxKeys);
    }

    /** Returns a copy that counts for so many keys. */
    public RateLimitConfig withMaxKeys(int most) {
        return new RateLimitConfig(requests, period, burst, most);
    }
}
