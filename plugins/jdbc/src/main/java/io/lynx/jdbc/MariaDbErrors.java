package io.lynx.jdbc;

import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.sql.SQLTransientException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The error codes of MariaDB and MySQL that come with the SQLState HY000, which says nothing. Each stands for a state by which other
 * databases report the same. Stateless and thread-safe.
 */
final class MariaDbErrors {
    private static final String GENERAL_ERROR = "HY000";

    /** {@code ER_OPTION_PREVENTS_STATEMENT}: its message names the option, such as {@code --read-only} or {@code --secure-file-priv}. */
    private static final int PREVENTED_BY_OPTION = 1290;

    private static final String READ_ONLY_OPTION = "read-only";

    /** {@code ENOSPC} in a message about a file, such as {@code (Errcode: 28 "No space left on device")}. */
    private static final Pattern NO_SPACE =
            Pattern.compile("\\b(?:error|errno:|errcode:) 28\\b", Pattern.CASE_INSENSITIVE);

    private MariaDbErrors() {}

    /** Returns the state that says what has failed: the one for the error code if there is one, otherwise that of the exception. */
    static @Nullable String state(SQLException e) {
        String state = e.getSQLState();
        return GENERAL_ERROR.equals(state) ? ofCode(e.getErrorCode(), String.valueOf(e.getMessage())) : state;
    }

    private static String ofCode(int code, String message) {
        return switch (code) {
            case 1020 -> SqlFailures.CONFLICT; // ER_CHECKREAD: a row has changed since the snapshot of the transaction.
            case 1021, 1114 -> SqlFailures.DISK_FULL; // ER_DISK_FULL, ER_RECORD_FILE_FULL
            case 1836 -> SqlFailures.READ_ONLY; // ER_READ_ONLY_MODE
            case PREVENTED_BY_OPTION -> message.contains(READ_ONLY_OPTION) ? SqlFailures.READ_ONLY : GENERAL_ERROR;
            // EE_WRITE, ER_CANT_CREATE_TABLE, ER_ERROR_ON_WRITE, ER_GET_ERRNO
            case 3, 1005, 1026, 1030 -> NO_SPACE.matcher(message).find() ? SqlFailures.DISK_FULL : GENERAL_ERROR;
            default -> GENERAL_ERROR;
        };
    }

    /** Returns an exception with {@link #state} and of the type of it; the same if it has that state already. */
    static SQLException explain(SQLException e) {
        String state = state(e);
        if (state == null || state.equals(e.getSQLState())) {
            return e;
        }
        return switch (state) {
            case SqlFailures.CONFLICT ->
                new SQLTransactionRollbackException(e.getMessage(), state, e.getErrorCode(), e);
            case SqlFailures.DISK_FULL -> new SQLTransientException(e.getMessage(), state, e.getErrorCode(), e);
            default -> new SQLException(e.getMessage(), state, e.getErrorCode(), e);
        };
    }
}
