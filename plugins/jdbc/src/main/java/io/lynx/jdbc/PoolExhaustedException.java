package io.lynx.jdbc;

import io.lynx.recovery.Classification;
import io.lynx.recovery.Classification.ClassifiedFailure;
import io.lynx.recovery.Classification.Disposition;
import io.lynx.recovery.ErrorCategory;
import io.lynx.recovery.ErrorSeverity;
import java.sql.SQLTransientConnectionException;

/** All connections of a pool were in use for as long as a caller could wait. The message names who uses them, and since when. */
public final class PoolExhaustedException extends SQLTransientConnectionException implements ClassifiedFailure {
    PoolExhaustedException(String message, Throwable cause) {
        super(message, "08001", cause);
    }

    @Override
    public Classification classification() {
        return Classification.of(ErrorCategory.RESOURCE, ErrorSeverity.MEDIUM, Disposition.THROTTLED);
    }
}
