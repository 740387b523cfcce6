package io.lynx.plugin.external;

import org.jspecify.annotations.Nullable;

/** An external system can be reached, but could not be prepared for its first use, for example by a migration of a database. */
public final class PreparationException extends Exception {
    PreparationException(@Nullable String message, Throwable cause) {
        super(message, cause);
    }
}
