package io.lynx.jdbc;

import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;

/** A statement that passes every call to another one, but for those that execute it. */
abstract class DelegatingStatement implements Statement {
    private final Statement raw;

    DelegatingStatement(Statement raw) {
        this.raw = raw;
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return type.isInstance(this) ? type.cast(this) : raw.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return type.isInstance(this) || raw.isWrapperFor(type);
    }

    @Override
    public int getMaxFieldSize() throws SQLException {
        return raw.getMaxFieldSize();
    }

    @Override
    public void setMaxFieldSize(int max) throws SQLException {
        raw.setMaxFieldSize(max);
    }

    @Override
    public int getMaxRows() throws SQLException {
        return raw.getMaxRows();
    }

    @Override
    public void setMaxRows(int max) throws SQLException {
        raw.setMaxRows(max);
    }

    @Override
    public long getLargeMaxRows() throws SQLException {
        return raw.getLargeMaxRows();
    }

    @Override
    public void setLargeMaxRows(long max) throws SQLException {
        raw.setLargeMaxRows(max);
    }

    @Override
    public void setEscapeProcessing(boolean enable) throws SQLException {
        raw.setEscapeProcessing(enable);
    }

    @Override
    public int getQueryTimeout() throws SQLException {
        return raw.getQueryTimeout();
    }

    @Override
    public void setQueryTimeout(int seconds) throws SQLException {
        raw.setQueryTimeout(seconds);
    }

    @Override
    public void cancel() throws SQLException {
        raw.cancel();
    }

    @Override
    public SQLWarning getWarnings() throws SQLException {
        return raw.getWarnings();
    }

    @Override
    public void clearWarnings() throws SQLException {
        raw.clearWarnings();
    }

    @Override
    public void setCursorName(String name) throws SQLException {
        raw.setCursorName(name);
    }

    @Override
    public int getUpdateCount() throws SQLException {
        return raw.getUpdateCount();
    }

    @Override
    public long getLargeUpdateCount() throws SQLException {
        return raw.getLargeUpdateCount();
    }

    @Override
    public boolean getMoreResults() throws SQLException {
        return raw.getMoreResults();
    }

    @Override
    public boolean getMoreResults(int current) throws SQLException {
        return raw.getMoreResults(current);
    }

    @Override
    public void setFetchDirection(int direction) throws SQLException {
        raw.setFetchDirection(direction);
    }

    @Override
    public int getFetchDirection() throws SQLException {
        return raw.getFetchDirection();
    }

    @Override
    public void setFetchSize(int rows) throws SQLException {
        raw.setFetchSize(rows);
    }

    @Override
    public int getFetchSize() throws SQLException {
        return raw.getFetchSize();
    }

    @Override
    public int getResultSetConcurrency() throws SQLException {
        return raw.getResultSetConcurrency();
    }

    @Override
    public int getResultSetType() throws SQLException {
        return raw.getResultSetType();
    }

    @Override
    public int getResultSetHoldability() throws SQLException {
        return raw.getResultSetHoldability();
    }

    @Override
    public boolean isClosed() throws SQLException {
        return raw.isClosed();
    }

    @Override
    public void setPoolable(boolean poolable) throws SQLException {
        raw.setPoolable(poolable);
    }

    @Override
    public boolean isPoolable() throws SQLException {
        return raw.isPoolable();
    }

    @Override
    public void closeOnCompletion() throws SQLException {
        raw.closeOnCompletion();
    }

    @Override
    public boolean isCloseOnCompletion() throws SQLException {
        return raw.isCloseOnCompletion();
    }

    @Override
    public String enquoteLiteral(String text) throws SQLException {
        return raw.enquoteLiteral(text);
    }

    @Override
    public String enquoteIdentifier(String identifier, boolean alwaysQuote) throws SQLException {
        return raw.enquoteIdentifier(identifier, alwaysQuote);
    }

    @Override
    public boolean isSimpleIdentifier(String identifier) throws SQLException {
        return raw.isSimpleIdentifier(identifier);
    }

    @Override
    public String enquoteNCharLiteral(String text) throws SQLException {
        return raw.enquoteNCharLiteral(text);
    }

    @Override
    public void close() throws SQLException {
        raw.close();
    }
}
