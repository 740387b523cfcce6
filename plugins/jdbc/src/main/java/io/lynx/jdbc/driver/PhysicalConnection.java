package io.lynx.jdbc.driver;

import java.sql.Connection;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends connections of drivers, whatever wraps them. Stateless. */
public final class PhysicalConnection {
    private static final Logger LOG = LoggerFactory.getLogger(PhysicalConnection.class);

    private PhysicalConnection() {}

    /** Ends a connection without a message to the server, if the driver can do that. */
    public static void abort(Connection connection) {
        try {
            connection.unwrap(Connection.class).abort(Runnable::run);
        } catch (SQLException | RuntimeException alreadyBroken) {
            LOG.atDebug().setCause(alreadyBroken).log("Connection could not be aborted");
        }
    }

    /** Ends a connection by force, and closes it if the driver does not do that: an embedded database ends with its last connection. */
    public static void close(Connection connection) {
        abort(connection);
        try {
            Connection physical = connection.unwrap(Connection.class);
            if (!physical.isClosed()) {
                physical.close();
            }
        } catch (SQLException | RuntimeException alreadyBroken) {
            LOG.atDebug().setCause(alreadyBroken).log("Connection could not be closed");
        }
    }
}
