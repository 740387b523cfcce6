package io.lynx.jdbc;

import java.math.BigDecimal;
import java.net.URL;
import java.sql.Array;
import java.sql.Date;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.Ref;
import java.sql.ResultSetMetaData;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLType;
import java.sql.SQLXML;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.Calendar;
import org.jspecify.annotations.Nullable;

/** A prepared statement that passes every call to another one, but for those that execute it. */
abstract class DelegatingPreparedStatement extends DelegatingLargeParameters {
    private final PreparedStatement raw;

    DelegatingPreparedStatement(ManagedConnection connection, PreparedStatement raw) {
        super(connection, raw);
        this.raw = raw;
    }

    @Override
    public void setNull(int index, int sqlType) throws SQLException {
        raw.setNull(index, sqlType);
    }

    @Override
    public void setNull(int index, int sqlType, String typeName) throws SQLException {
        raw.setNull(index, sqlType, typeName);
    }

    @Override
    public void setBoolean(int index, boolean value) throws SQLException {
        raw.setBoolean(index, value);
    }

    @Override
    public void setByte(int index, byte value) throws SQLException {
        raw.setByte(index, value);
    }

    @Override
    public void setShort(int index, short value) throws SQLException {
        raw.setShort(index, value);
    }

    @Override
    public void setInt(int index, int value) throws SQLException {
        raw.setInt(index, value);
    }

    @Override
    public void setLong(int index, long value) throws SQLException {
        raw.setLong(index, value);
    }

    @Override
    public void setFloat(int index, float value) throws SQLException {
        raw.setFloat(index, value);
    }

    @Override
    public void setDouble(int index, double value) throws SQLException {
        raw.setDouble(index, value);
    }

    @Override
    public void setBigDecimal(int index, @Nullable BigDecimal value) throws SQLException {
        raw.setBigDecimal(index, value);
    }

    @Override
    public void setString(int index, @Nullable String value) throws SQLException {
        raw.setString(index, value);
    }

    @Override
    public void setBytes(int index, byte @Nullable [] value) throws SQLException {
        raw.setBytes(index, value);
    }

    @Override
    public void setDate(int index, @Nullable Date value) throws SQLException {
        raw.setDate(index, value);
    }

    @Override
    public void setDate(int index, @Nullable Date value, Calendar calendar) throws SQLException {
        raw.setDate(index, value, calendar);
    }

    @Override
    public void setTime(int index, @Nullable Time value) throws SQLException {
        raw.setTime(index, value);
    }

    @Override
    public void setTime(int index, @Nullable Time value, Calendar calendar) throws SQLException {
        raw.setTime(index, value, calendar);
    }

    @Override
    public void setTimestamp(int index, @Nullable Timestamp value) throws SQLException {
        raw.setTimestamp(index, value);
    }

    @Override
    public void setTimestamp(int index, @Nullable Timestamp value, Calendar calendar) throws SQLException {
        raw.setTimestamp(index, value, calendar);
    }

    @Override
    public void setObject(int index, @Nullable Object value) throws SQLException {
        raw.setObject(index, value);
    }

    @Override
    public void setObject(int index, @Nullable Object value, int sqlType) throws SQLException {
        raw.setObject(index, value, sqlType);
    }

    @Override
    public void setObject(int index, @Nullable Object value, int sqlType, int scale) throws SQLException {
        raw.setObject(index, value, sqlType, scale);
    }

    @Override
    public void setObject(int index, @Nullable Object value, SQLType sqlType) throws SQLException {
        raw.setObject(index, value, sqlType);
    }

    @Override
    public void setObject(int index, @Nullable Object value, SQLType sqlType, int scale) throws SQLException {
        raw.setObject(index, value, sqlType, scale);
    }

    @Override
    public void setRef(int index, @Nullable Ref value) throws SQLException {
        raw.setRef(index, value);
    }

    @Override
    public void setArray(int index, @Nullable Array value) throws SQLException {
        raw.setArray(index, value);
    }

    @Override
    public void setURL(int index, @Nullable URL value) throws SQLException {
        raw.setURL(index, value);
    }

    @Override
    public void setRowId(int index, @Nullable RowId value) throws SQLException {
        raw.setRowId(index, value);
    }

    @Override
    public void setNString(int index, @Nullable String value) throws SQLException {
        raw.setNString(index, value);
    }

    @Override
    public void setSQLXML(int index, @Nullable SQLXML value) throws SQLException {
        raw.setSQLXML(index, value);
    }

    @Override
    public void clearParameters() throws SQLException {
        raw.clearParameters();
    }

    @Override
    public ResultSetMetaData getMetaData() throws SQLException {
        return raw.getMetaData();
    }

    @Override
    public ParameterMetaData getParameterMetaData() throws SQLException {
        return raw.getParameterMetaData();
    }

    @Override
    public void addBatch() throws SQLException {
        raw.addBatch();
    }
}
