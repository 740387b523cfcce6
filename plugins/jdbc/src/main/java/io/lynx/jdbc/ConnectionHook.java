package io.lynx.jdbc;

import io.lynx.extension.ExtensionPoint;
import java.sql.SQLException;

/**
 * Runs before a connection of a database is lent, and before each round trip of its health check. What it throws counts as if the
 * database had: it reaches the caller, the metrics and the circuit breaker. So a service or its test can try what happens while the
 * database is slow or away. Must be thread-safe.
 */
@ExtensionPoint(thread = "the thread that borrows a connection, or that of the health check", deadline = "none")
@FunctionalInterface
public interface ConnectionHook {
    /**
     * Lets the use of the database go on by returning.
     *
     * @throws SQLException if the use should fail, with the SQLState of the failure, such as {@code 08001} for an outage
     */
    void beforeUse() throws SQLException;
}
