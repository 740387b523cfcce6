package io.lynx.jdbc;

import io.lynx.recovery.Classification;
import io.lynx.recovery.Classification.ClassifiedFailure;
import io.lynx.recovery.Classification.Disposition;
import io.lynx.recovery.ErrorCategory;
import io.lynx.recovery.ErrorSeverity;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import org.jspecify.annotations.Nullable;

/** A statement was cancelled, or not sent, since the request that it was for is over: its client has gone, or its time has passed. */
public final class StatementCancelledException extends SQLTimeoutException implements ClassifiedFailure {
    StatementCancelledException(String statement, @Nullable SQLException cause) {
        super(
                "statement '" + statement + "' was " + (cause == null ? "not sent" : "cancelled")
                        + ", since the request that it is for is over",
                "57014",
                cause);
    }

    @Override
    public Classification classification() {
        return Classification.of(ErrorCategory.TIMEOUT, ErrorSeverity.LOW, Disposition.CANCELLED);
    }
}
