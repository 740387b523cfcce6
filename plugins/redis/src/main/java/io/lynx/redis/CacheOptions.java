package io.lynx.redis;

import java.time.Duration;

/**
 * How a cache behaves. Immutable.
 *
 * @param name of the cache, a label of its metrics
 * @param timeToLive how long a value is fresh
 * @param jitter the largest part of the time to live that is taken off at random
 * @param staleIfError how much longer an expired value answers if it cannot be loaded
 * @param absence how long the absence of a value is stored; zero for never
 * @param maxLoads the most loads at a time in this process
 * @param maxWait how long a load waits for its turn
 * @param loadTimeout how long callers wait for the load of another caller
 */
record CacheOptions(
        String name,
        Duration timeToLive,
        double jitter,
        Duration staleIfError,
        Duration absence,
        int maxLoads,
        Duration maxWait,
        Duration loadTimeout) {
    private static final Duration DAY = Duration.ofDays(1);

    static CacheOptions of(String name) {
        if (!name.matches("[a-z][a-z0-9]*([-_.][a-z0-9]+)*")) {
            throw new IllegalArgumentException("cache: '" + name
                    + "' is not a name; write lower-case letters and digits, in parts joined by '-', '_' or '.'");
        }
        return new CacheOptions(
                name,
                Duration.ofMinutes(5),
                0.1,
                Duration.ZERO,
                Duration.ZERO,
                16,
                Duration.ofSeconds(1),
                Duration.ofSeconds(10));
    }

    private void require(boolean isValid, String option, Object value, String allowed) {
        if (!isValid) {
            throw new IllegalArgumentException(
                    "cache '" + name + "': " + option + ": " + value + "; allowed is " + allowed);
        }
    }

    CacheOptions withTimeToLive(Duration value) {
        require(
                value.compareTo(Duration.ofMillis(10)) >= 0 && value.compareTo(DAY.multipliedBy(365)) <= 0,
                "time to live",
                value,
                "10 ms to 365 days");
        return new CacheOptions(name, value, jitter, staleIfError, absence, maxLoads, maxWait, loadTimeout);
    }

    CacheOptions withJitter(double value) {
        require(value >= 0 && value <= 0.5, "jitter", value, "0 to 0.5");
        return new CacheOptions(name, timeToLive, value, staleIfError, absence, maxLoads, maxWait, loadTimeout);
    }

    CacheOptions withStaleIfError(Duration value) {
        require(
                !value.isNegative() && value.compareTo(DAY.multipliedBy(365)) <= 0,
                "stale if error",
                value,
                "0 to 365 days");
        return new CacheOptions(name, timeToLive, jitter, value, absence, maxLoads, maxWait, loadTimeout);
    }

    CacheOptions withAbsence(Duration value) {
        require(!value.isNegative() && value.compareTo(DAY.multipliedBy(365)) <= 0, "absence", value, "0 to 365 days");
        return new CacheOptions(name, timeToLive, jitter, staleIfError, value, maxLoads, maxWait, loadTimeout);
    }

    CacheOptions withLoads(int most, Duration wait) {
        require(most >= 1, "concurrent loads", most, "1 or more");
        require(!wait.isNegative() && wait.compareTo(Duration.ofHours(1)) <= 0, "wait for a load", wait, "0 to 1 hour");
        return new CacheOptions(name, timeToLive, jitter, staleIfError, absence, most, wait, loadTimeout);
    }

    CacheOptions withLoadTimeout(Duration value) {
        require(
                value.isPositive() && value.compareTo(Duration.ofHours(1)) <= 0,
                "load timeout",
                value,
                "more than 0 to 1 hour");
        return new CacheOptions(name, timeToLive, jitter, staleIfError, absence, maxLoads, maxWait, value);
    }
}
