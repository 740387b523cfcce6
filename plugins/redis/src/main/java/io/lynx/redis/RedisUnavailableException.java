package io.lynx.redis;

import io.lynx.recovery.Classification;
import io.lynx.recovery.Classification.ClassifiedFailure;
import io.lynx.recovery.Classification.Disposition;
import io.lynx.recovery.ErrorCategory;
import io.lynx.recovery.ErrorSeverity;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisException;

/**
 * A command was not sent: the circuit breaker refuses it, or the plugin has not connected to Redis yet. The cause is that refusal. It
 * has no stack trace, so that refusing stays cheap under load.
 */
public final class RedisUnavailableException extends JedisException implements ClassifiedFailure {
    RedisUnavailableException(@Nullable String message, Throwable refusal) {
        super(message, refusal);
    }

    @Override
    public Throwable fillInStackTrace() {
        return this;
    }

    @Override
    public Classification classification() {
        return Classification.of(ErrorCategory.NETWORK, ErrorSeverity.MEDIUM, Disposition.REJECTED);
    }
}
