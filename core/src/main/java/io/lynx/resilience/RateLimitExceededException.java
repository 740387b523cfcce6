package io.lynx.resilience;

import java.time.Duration;
import java.util.Optional;

/** A rate limiter refused a call: its turn would come later than the call could wait. */
public final class RateLimitExceededException extends CallRejectedException {
    private final String limit;
    private final Duration retryAfter;

    RateLimitExceededException(String name, String limit, Duration retryAfter) {
        super(name);
        this.limit = limit;
        this.retryAfter = retryAfter;
    }

    /** When there will be room, if nobody else takes it. */
    @Override
    public Optional<Duration> retryAfter() {
        return Optional.of(retryAfter);
    }

    @Override
    public String getMessage() {
        return "rate limiter " + name() + ": no room for " + retryAfter.toMillis() + "ms; at most " + limit;
    }
}
