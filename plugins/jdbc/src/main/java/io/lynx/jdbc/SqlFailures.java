package io.lynx.jdbc;

import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransactionRollbackException;
import java.sql.SQLTransientConnectionException;
import java.sql.SQLTransientException;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/** Distinguishes failures of databases by their types and SQLStates (ISO/IEC 9075-2, 24). Stateless and thread-safe. */
public final class SqlFailures {
    /** Serialization failure, ISO/IEC 9075. */
    static final String CONFLICT = "40001";
    /** The transaction, or the server, only reads, ISO/IEC 9075. */
    static final String READ_ONLY = "25006";
    /** The disk is full, PostgreSQL. */
    static final String DISK_FULL = "53100";

    /** Serialization failure, deadlock (PostgreSQL; others report it as 40001). */
    private static final Set<String> CONFLICTS = Set.of(CONFLICT, "40P01");
    /** The classes of states by which a database answers that a commit is refused: constraints, triggers, wrong states. */
    private static final Set<String> ROLLED_BACK = Set.of("09", "22", "23", "25", "27", "2D", "40", "42", "44", "P0");

    /**
     * A full disk (reads go on), no memory for a statement, a limit such as {@code temp_file_limit} that a statement has exceeded. The
     * circuit breaker must not refuse all statements for these.
     */
    private static final Set<String> ANSWERED_WITHOUT_RESOURCES = Set.of(DISK_FULL, "53200", "53400");

    /** A table does not exist (PostgreSQL; others). */
    private static final Set<String> UNDEFINED_TABLE = Set.of("42P01", "42S02");

    private static final String STALE_PLAN = "cached plan must not change result type";

    private SqlFailures() {}

    /**
     * Returns whether the database could not be reached or did not answer. Such failures count against the circuit breaker. A call that
     * failed for another reason, such as a constraint, a conflict or an exhausted pool, was answered or never sent.
     */
    public static boolean isOutage(Throwable failure) {
        return switch (failure) {
            case PoolExhaustedException _, StatementCancelledException _, SQLTransactionRollbackException _ -> false;
            case TimeoutException _, SQLNonTransientConnectionException _, SQLRecoverableException _ -> true;
            case SQLException e -> isOutage(e);
            default -> false;
        };
    }

    private static boolean isOutage(SQLException e) {
        return switch (stateClass(e)) {
            // Connection, the server itself, its resources, operator (57014 is a cancelled statement).
            case "08", "58" -> true;
            case "53" -> !ANSWERED_WITHOUT_RESOURCES.contains(state(e));
            case "57" -> !"57014".equals(e.getSQLState()) || e instanceof SQLTimeoutException;
            case "40", "42", "22", "23", "25", "28" -> false;
            default -> e instanceof SQLTransientException && !isAnswer(e);
        };
    }

    /**
     * Returns whether the server has answered with the state of this exception, whatever its type says. The driver of MariaDB makes a
     * {@link SQLTransientConnectionException} of each class of states that it does not know, such as that of {@code SIGNAL SQLSTATE
     * '45000'}. Pools make one of the failure to connect that is its cause.
     */
    private static boolean isAnswer(SQLException e) {
        return e instanceof SQLTransientConnectionException
                && !stateClass(e).isEmpty()
                && !(e.getCause() instanceof SQLException);
    }

    /**
     * Returns whether the database has rolled back the transaction because of another one, so that it can be repeated: a serialization
     * failure, a deadlock, a write to a row that has changed since it was read (MariaDB), or a change of a table of a statement that
     * PostgreSQL had prepared. Other states of class 40 do not say so: with 40003 the transaction may have been committed.
     */
    public static boolean isConflict(Throwable failure) {
        if (failure instanceof UncheckedSqlException unchecked) {
            return isConflict(unchecked.getCause());
        }
        return failure instanceof SQLException e && (CONFLICTS.contains(state(e)) || isStalePlan(e));
    }

    /** Returns whether PostgreSQL has refused a statement that it had prepared before its table was changed, as by a deployment. */
    private static boolean isStalePlan(SQLException e) {
        return "0A000".equals(e.getSQLState()) && String.valueOf(e.getMessage()).contains(STALE_PLAN);
    }

    /**
     * Returns whether a transaction may have been committed although its commit failed: if the database did not answer that it was rolled
     * back. Most states that are not listed come from drivers.
     */
    static boolean isUnknownAfterCommit(Throwable failure) {
        return !(failure instanceof SQLException e)
                || "40003".equals(e.getSQLState())
                || !ROLLED_BACK.contains(stateClass(e));
    }

    /** Returns whether the database refuses to write. */
    static boolean isReadOnly(SQLException e) {
        return READ_ONLY.equals(state(e));
    }

    /** Returns whether the database answers and cannot write, whatever is written. */
    static boolean isRefusedWrite(SQLException e) {
        return e instanceof ReadOnlyDatabaseException || DISK_FULL.equals(state(e));
    }

    /** Returns whether a statement that changes tables may succeed later, as it is: the database cannot be reached, or cannot write. */
    public static boolean isTemporary(SQLException e) {
        return isOutage((Throwable) e) || isRefusedWrite(e);
    }

    /** Returns whether a table of a statement does not exist. */
    public static boolean isMissingTable(SQLException e) {
        return UNDEFINED_TABLE.contains(state(e));
    }

    /** Returns the type of a failure as a label of metrics: one of a few words. */
    static String label(SQLException e) {
        if (e instanceof PoolExhaustedException) {
            return "exhausted";
        }
        if (e instanceof StatementCancelledException) {
            return "cancelled";
        }
        if (e instanceof SQLTimeoutException) {
            return "timeout";
        }
        if (e instanceof SQLIntegrityConstraintViolationException
                || stateClass(e).equals("23")) {
            return "constraint";
        }
        if (isConflict(e)) {
            return "conflict";
        }
        if (isReadOnly(e)) {
            return "read_only";
        }
        return isTemporary(e) ? "unavailable" : "other";
    }

    /** Returns the state that says what has failed; empty if there is none. */
    private static String state(SQLException e) {
        String state = MariaDbErrors.state(e);
        return state == null ? "" : state;
    }

    private static String stateClass(SQLException e) {
        String state = state(e);
        return state.length() < 2 ? "" : state.substring(0, 2);
    }
}
