package io.lynx.jdbc;

import io.lynx.recovery.Classification;
import io.lynx.recovery.Classification.ClassifiedFailure;
import io.lynx.recovery.Classification.Disposition;
import io.lynx.recovery.ErrorCategory;
import io.lynx.recovery.ErrorSeverity;
import java.sql.SQLNonTransientException;

/**
 * A commit was sent, and there is no answer that tells what came of it, as when the connection was lost: the transaction may have been
 * committed or rolled back. Its work must not be repeated before that has been found out, unless it may be done twice.
 */
public final class CommitOutcomeUnknownException extends SQLNonTransientException implements ClassifiedFailure {
    CommitOutcomeUnknownException(String database, Throwable cause) {
        super(
                "transaction" + (database.isEmpty() ? "" : " in database '" + database + "'")
                        + ": the commit was sent, but not answered (" + cause.getMessage()
                        + "), so the transaction may have been committed or not; find out which before repeating it",
                "08007",
                cause);
    }

    @Override
    public Classification classification() {
        return Classification.of(ErrorCategory.DATABASE, ErrorSeverity.HIGH, Disposition.UNKNOWN);
    }
}
