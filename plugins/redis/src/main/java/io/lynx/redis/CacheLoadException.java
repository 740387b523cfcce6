package io.lynx.redis;

import org.jspecify.annotations.Nullable;

/**
 * A value that a cache does not have could not be loaded from its source. The cause is the failure of the loader, or why it was not
 * called: too many loads were in progress, or another caller's load took too long.
 */
public final class CacheLoadException extends RuntimeException {
    CacheLoadException(@Nullable String message, Throwable cause) {
        super(message, cause);
    }
}
