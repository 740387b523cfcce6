package io.lynx.jdbc;

import java.sql.SQLException;
import java.util.Objects;

/**
 * Wraps an {@link SQLException} where a method cannot throw it, such as the publishing of an event. {@link Transactions} treat it as its
 * cause: a transaction that was rolled back because of another one runs again.
 */
public final class UncheckedSqlException extends RuntimeException {
    /**
     * Wraps a failure.
     *
     * @param message what failed; the message of the cause is added
     */
    public UncheckedSqlException(String message, SQLException cause) {
        super(message + ": " + cause.getMessage(), cause);
    }

    @Override
    public synchronized SQLException getCause() {
        return (SQLException) Objects.requireNonNull(super.getCause());
    }
}
