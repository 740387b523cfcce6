package io.lynx.redis;

import io.lynx.recovery.Classification;
import io.lynx.recovery.Classification.ClassifiedFailure;
import io.lynx.recovery.Classification.Disposition;
import io.lynx.recovery.ErrorCategory;
import io.lynx.recovery.ErrorSeverity;
import redis.clients.jedis.exceptions.JedisException;

/** All connections to Redis were in use for as long as a caller could wait. The message names who uses them, and since when. */
public final class ConnectionsExhaustedException extends JedisException implements ClassifiedFailure {
    ConnectionsExhaustedException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public Classification classification() {
        return Classification.of(ErrorCategory.RESOURCE, ErrorSeverity.MEDIUM, Disposition.THROTTLED);
    }
}
