package io.lynx.jdbc;

/** A migration of a database failed. The message names the script, the line and the cause. */
public final class MigrationException extends Exception {
    MigrationException(String message, Throwable cause) {
        super(message, cause);
    }
}
