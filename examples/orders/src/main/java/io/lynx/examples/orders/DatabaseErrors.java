package io.lynx.examples.orders;

import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransactionRollbackException;
import java.sql.SQLTransientException;

/** Distinguishes failures of a database that pass without a change. Stateless. */
final class DatabaseErrors {
    private DatabaseErrors() {}

    /** Returns the type of a failure as a label of metrics: one of four words. */
    static String type(SQLException e) {
        if (e instanceof SQLTimeoutException) {
            return "timeout";
        }
        if (e instanceof SQLIntegrityConstraintViolationException) {
            return "constraint";
        }
        return isUnavailable(e) ? "unavailable" : "other";
    }

    /** Returns whether the database has rolled back the transaction, such as that of a deadlock's victim. */
    static boolean isRolledBack(Exception e) {
        return e instanceof SQLTransactionRollbackException;
    }

    /** Returns whether the database could not be reached or timed out, so that the same call may succeed later. */
    static boolean isUnavailable(SQLException e) {
        String state = e.getSQLState();
        return e instanceof SQLTransientException
                || e instanceof SQLRecoverableException
                || e instanceof SQLNonTransientConnectionException
                || (state != null && state.startsWith("08"));
    }
}
