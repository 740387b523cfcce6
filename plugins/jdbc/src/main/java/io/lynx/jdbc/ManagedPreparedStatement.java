package io.lynx.jdbc;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** A prepared statement whose executions are measured, traced and limited. Used by one thread, but for its cancellation. */
final class ManagedPreparedStatement extends DelegatingPreparedStatement {
    private final PreparedStatement raw;
    private final StatementKind kind;

    ManagedPreparedStatement(ManagedConnection connection, PreparedStatement raw, StatementKind kind) {
        super(connection, raw);
        this.raw = raw;
        this.kind = kind;
    }

    @Override
    StatementKind resultKind() {
        return kind;
    }

    @Override
    StatementKind batchKind() {
        return kind;
    }

    @Override
    public ResultSet executeQuery() throws SQLException {
        return result(execute(kind, raw::executeQuery), kind);
    }

    @Override
    public int executeUpdate() throws SQLException {
        return execute(kind, raw::executeUpdate);
    }

    @Override
    public long executeLargeUpdate() throws SQLException {
        return execute(kind, raw::executeLargeUpdate);
    }

    @Override
    public boolean execute() throws SQLException {
        return execute(kind, raw::execute);
    }
}
