package io.lynx.jdbc;

import io.lynx.jdbc.results.DelegatingResultSet;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The result of a managed statement, which leads back to that statement. If the driver fetches rows in parts, reaching another row may
 * wait for the server, and is limited as the statement is. Used by one thread.
 */
final class ManagedResultSet extends DelegatingResultSet {
    private final ResultSet raw;
    private final Statement statement;
    private final Statement rawStatement;
    private final ManagedConnection connection;
    private final StatementKind kind;
    private final boolean isInParts;

    /**
     * Manages a result.
     *
     * @param statement what the result says it comes from
     * @param rawStatement what is cancelled while rows are fetched
     */
    ManagedResultSet(
            ResultSet raw,
            Statement statement,
            Statement rawStatement,
            ManagedConnection connection,
            StatementKind kind)
            throws SQLException {
        super(raw);
        this.raw = raw;
        this.statement = statement;
        this.rawStatement = rawStatement;
        this.connection = connection;
        this.kind = kind;
        this.isInParts = connection.isInTransaction() && rawStatement.getFetchSize() > 0;
    }

    private boolean fetch(Executions.Call<Boolean> call) throws SQLException {
        return connection.executions().fetch(kind, rawStatement, connection, call);
    }

    @Override
    public Statement getStatement() throws SQLException {
        if (raw.isClosed()) {
            throw new SQLException("the result is closed", "24000");
        }
        return statement;
    }

    @Override
    public boolean next() throws SQLException {
        return isInParts ? fetch(raw::next) : raw.next();
    }

    @Override
    public boolean previous() throws SQLException {
        return isInParts ? fetch(raw::previous) : raw.previous();
    }

    @Override
    public boolean first() throws SQLException {
        return isInParts ? fetch(raw::first) : raw.first();
    }

    @Override
    public boolean last() throws SQLException {
        return isInParts ? fetch(raw::last) : raw.last();
    }

    @Override
    public boolean absolute(int row) throws SQLException {
        return isInParts ? fetch(() -> raw.absolute(row)) : raw.absolute(row);
    }

    @Override
    public boolean relative(int rows) throws SQLException {
        return isInParts ? fetch(() -> raw.relative(rows)) : raw.relative(rows);
    }
}
