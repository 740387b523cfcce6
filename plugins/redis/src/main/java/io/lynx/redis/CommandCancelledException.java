package io.lynx.redis;

import io.lynx.recovery.Classification;
import io.lynx.recovery.Classification.ClassifiedFailure;
import io.lynx.recovery.Classification.Disposition;
import io.lynx.recovery.ErrorCategory;
import io.lynx.recovery.ErrorSeverity;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisException;

/**
 * A command was not sent, or its answer was not waited for, since the request that it was for is over: its client has gone, or its time
 * has passed. Redis may have executed the command.
 */
public final class CommandCancelledException extends JedisException implements ClassifiedFailure {
    CommandCancelledException(String command, @Nullable Throwable cause) {
        super(
                "command '" + command + "' was " + (cause == null ? "not sent" : "cancelled")
                        + ", since the request that it is for is over",
                cause);
    }

    @Override
    public Classification classification() {
        return Classification.of(ErrorCategory.TIMEOUT, ErrorSeverity.LOW, Disposition.CANCELLED);
    }
}
