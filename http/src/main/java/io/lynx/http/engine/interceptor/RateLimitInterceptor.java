package io.lynx.http.engine.interceptor;

import io.lynx.http.HttpException;
import io.lynx.http.HttpHandler;
import io.lynx.http.Interceptor;
import io.lynx.http.LimitKey;
import io.lynx.http.RateLimitConfig;
import io.lynx.http.Request;
import io.lynx.http.Response;
import io.lynx.http.engine.problem.Refusal;
import io.lynx.resilience.CallRejectedException.RateLimitExceededException;
import io.lynx.resilience.RateLimiter;
import java.time.Duration;
import java.util.Map;

/** Answers the requests of a client that makes too many with 429 and {@code Retry-After}. It never waits. Thread-safe. */
public final class RateLimitInterceptor implements Interceptor {
    private final String name;
    private final RateLimitConfig config;
    private final LimitKey key;
    private final LimiterTable<RateLimiter> limiters;

    /**
     * A limit.
     *
     * @param name for metrics and messages
     * @throws IllegalArgumentException if {@code config} is not a limit
     */
    public RateLimitInterceptor(String name, RateLimitConfig config, LimitKey key) {
        this.name = name;
        this.config = config;
        this.key = key;
        this.limiters = new LimiterTable<>(config.maxKeys());
        RateLimiter _ = limiter();
    }

    private RateLimiter limiter() {
        return RateLimiter.builder(name, config.requests(), config.period())
                .burst(config.burst() == 0 ? config.requests() : config.burst())
                .build();
    }

    @Override
    public void intercept(Request request, Response response, HttpHandler next) throws Exception {
        try {
            limiters.of(key.of(request), this::limiter).acquire();
        } catch (RateLimitExceededException exceeded) {
            throw tooMany(exceeded);
        }
        next.handle(request, response);
    }

    private static HttpException tooMany(RateLimitExceededException exceeded) {
        long nanos = exceeded.retryAfter().orElse(Duration.ZERO).toNanos();
        long seconds = Math.max(1, Math.ceilDiv(nanos, 1_000_000_000L));
        return new Refusal(429, "too many requests", Map.of("Retry-After", Long.toString(seconds)), exceeded);
    }
}
