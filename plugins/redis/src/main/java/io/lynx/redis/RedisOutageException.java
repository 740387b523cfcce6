package io.lynx.redis;

import io.lynx.recovery.Classification;
import io.lynx.recovery.Classification.ClassifiedFailure;
import io.lynx.recovery.Classification.Disposition;
import io.lynx.recovery.ErrorCategory;
import io.lynx.recovery.ErrorSeverity;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisConnectionException;

/**
 * Redis could not be reached, did not answer in time, or cannot serve now. The cause is what Jedis reported. Redis may have executed the
 * command.
 */
public final class RedisOutageException extends JedisConnectionException implements ClassifiedFailure {
    RedisOutageException(@Nullable String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public Classification classification() {
        return Classification.of(ErrorCategory.NETWORK, ErrorSeverity.MEDIUM, Disposition.TRANSIENT);
    }
}
