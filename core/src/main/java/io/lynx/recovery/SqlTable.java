package io.lynx.recovery;

import static io.lynx.recovery.Disposition.PERMANENT;
import static io.lynx.recovery.Disposition.TRANSIENT;
import static io.lynx.recovery.Disposition.UNKNOWN;
import static io.lynx.recovery.ErrorCategory.DATABASE;
import static io.lynx.recovery.ErrorCategory.SECURITY;
import static io.lynx.recovery.ErrorCategory.TIMEOUT;
import static io.lynx.recovery.ErrorCategory.VALIDATION;
import static io.lynx.recovery.ErrorSeverity.LOW;
import static io.lynx.recovery.ErrorSeverity.MEDIUM;

import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientException;
import org.jspecify.annotations.Nullable;

/**
 * What SQL exceptions mean, by type and by the class of their SQLState (ISO/IEC 9075-2, 24). Loaded only when there is
 * such an exception, so a run time without the module {@code java.sql} never misses it.
 */
final class SqlTable {
    private SqlTable() {}

    static Classification of(Throwable throwable) {
        return switch (throwable) {
            case SQLTimeoutException _ -> Classification.of(TIMEOUT, MEDIUM, TRANSIENT);
            case SQLTransientException _, SQLRecoverableException _ -> Classification.of(DATABASE, MEDIUM, TRANSIENT);
            case SQLException failure -> ofState(failure.getSQLState());
            default -> ErrorClassifier.UNKNOWN;
        };
    }

    private static Classification ofState(@Nullable String state) {
        String stateClass = state == null || state.length() < 2 ? "" : state.substring(0, 2);
        return switch (stateClass) {
            case "08", "40", "53", "57", "58" -> Classification.of(DATABASE, MEDIUM, TRANSIENT);
            case "22", "23" -> Classification.of(VALIDATION, LOW, PERMANENT);
            case "28" -> Classification.of(SECURITY, MEDIUM, PERMANENT);
            case "42" -> Classification.of(DATABASE, MEDIUM, PERMANENT);
            default -> Classification.of(DATABASE, MEDIUM, UNKNOWN);
        };
    }
}
