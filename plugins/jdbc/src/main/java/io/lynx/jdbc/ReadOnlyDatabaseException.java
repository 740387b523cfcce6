package io.lynx.jdbc;

import java.sql.SQLException;
import java.sql.SQLTransientException;

/**
 * A write was refused since the database only reads now, as a server that has become a replica. Its connection is replaced, so that another
 * attempt finds the server that writes. Writes in a transaction or in a database that are read only by intention fail as the driver says.
 */
public final class ReadOnlyDatabaseException extends SQLTransientException {
    ReadOnlyDatabaseException(SQLException cause) {
        super("the database only reads now: " + cause.getMessage(), SqlFailures.READ_ONLY, cause.getErrorCode(), cause);
    }
}
