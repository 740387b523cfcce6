package io.lynx.jdbc.results;

import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;

/** A result set that passes every call to another one. As thread-safe as that. */
public abstract class DelegatingResultSet extends DelegatingUpdates {
    /** Passes every call to {@code raw}. */
    protected DelegatingResultSet(ResultSet raw) {
        super(raw);
    }

    @Override
    public boolean next() throws SQLException {
        return raw.next();
    }

    @Override
    public void close() throws SQLException {
        raw.close();
    }

    @Override
    public boolean wasNull() throws SQLException {
        return raw.wasNull();
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
    public String getCursorName() throws SQLException {
        return raw.getCursorName();
    }

    @Override
    public ResultSetMetaData getMetaData() throws SQLException {
        return raw.getMetaData();
    }

    @Override
    public int findColumn(String label) throws SQLException {
        return raw.findColumn(label);
    }

    @Override
    public boolean isBeforeFirst() throws SQLException {
        return raw.isBeforeFirst();
    }

    @Override
    public boolean isAfterLast() throws SQLException {
        return raw.isAfterLast();
    }

    @Override
    public boolean isFirst() throws SQLException {
        return raw.isFirst();
    }

    @Override
    public boolean isLast() throws SQLException {
        return raw.isLast();
    }

    @Override
    public void beforeFirst() throws SQLException {
        raw.beforeFirst();
    }

    @Override
    public void afterLast() throws SQLException {
        raw.afterLast();
    }

    @Override
    public boolean first() throws SQLException {
        return raw.first();
    }

    @Override
    public boolean last() throws SQLException {
        return raw.last();
    }

    @Override
    public int getRow() throws SQLException {
        return raw.getRow();
    }

    @Override
    public boolean absolute(int row) throws SQLException {
        return raw.absolute(row);
    }

    @Override
    public boolean relative(int rows) throws SQLException {
        return raw.relative(rows);
    }

    @Override
    public boolean previous() throws SQLException {
        return raw.previous();
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
    public int getType() throws SQLException {
        return raw.getType();
    }

    @Override
    public int getConcurrency() throws SQLException {
        return raw.getConcurrency();
    }

    @Override
    public boolean rowUpdated() throws SQLException {
        return raw.rowUpdated();
    }

    @Override
    public boolean rowInserted() throws SQLException {
        return raw.rowInserted();
    }

    @Override
    public boolean rowDeleted() throws SQLException {
        return raw.rowDeleted();
    }

    @Override
    public void insertRow() throws SQLException {
        raw.insertRow();
    }

    @Override
    public void updateRow() throws SQLException {
        raw.updateRow();
    }

    @Override
    public void deleteRow() throws SQLException {
        raw.deleteRow();
    }

    @Override
    public void refreshRow() throws SQLException {
        raw.refreshRow();
    }

    @Override
    public void cancelRowUpdates() throws SQLException {
        raw.cancelRowUpdates();
    }

    @Override
    public void moveToInsertRow() throws SQLException {
        raw.moveToInsertRow();
    }

    @Override
    public void moveToCurrentRow() throws SQLException {
        raw.moveToCurrentRow();
    }

    @Override
    public Statement getStatement() throws SQLException {
        return raw.getStatement();
    }

    @Override
    public int getHoldability() throws SQLException {
        return raw.getHoldability();
    }

    @Override
    public boolean isClosed() throws SQLException {
        return raw.isClosed();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return type.isInstance(this) ? type.cast(this) : raw.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return type.isInstance(this) || raw.isWrapperFor(type);
    }
}
