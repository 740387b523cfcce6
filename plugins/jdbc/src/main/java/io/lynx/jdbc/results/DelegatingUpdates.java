package io.lynx.jdbc.results;

import java.io.InputStream;
import java.io.Reader;
import java.math.BigDecimal;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.NClob;
import java.sql.Ref;
import java.sql.ResultSet;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLType;
import java.sql.SQLXML;
import java.sql.Time;
import java.sql.Timestamp;

/** A result set that passes updates of columns to another one. */
abstract class DelegatingUpdates extends DelegatingUpdatesByIndex {
    DelegatingUpdates(ResultSet raw) {
        super(raw);
    }

    @Override
    public void updateNull(String label) throws SQLException {
        raw.updateNull(label);
    }

    @Override
    public void updateBoolean(String label, boolean value) throws SQLException {
        raw.updateBoolean(label, value);
    }

    @Override
    public void updateByte(String label, byte value) throws SQLException {
        raw.updateByte(label, value);
    }

    @Override
    public void updateShort(String label, short value) throws SQLException {
        raw.updateShort(label, value);
    }

    @Override
    public void updateInt(String label, int scale) throws SQLException {
        raw.updateInt(label, scale);
    }

    @Override
    public void updateLong(String label, long length) throws SQLException {
        raw.updateLong(label, length);
    }

    @Override
    public void updateFloat(String label, float value) throws SQLException {
        raw.updateFloat(label, value);
    }

    @Override
    public void updateDouble(String label, double value) throws SQLException {
        raw.updateDouble(label, value);
    }

    @Override
    public void updateBigDecimal(String label, BigDecimal value) throws SQLException {
        raw.updateBigDecimal(label, value);
    }

    @Override
    public void updateString(String label, String value) throws SQLException {
        raw.updateString(label, value);
    }

    @Override
    public void updateBytes(String label, byte[] value) throws SQLException {
        raw.updateBytes(label, value);
    }

    @Override
    public void updateDate(String label, Date value) throws SQLException {
        raw.updateDate(label, value);
    }

    @Override
    public void updateTime(String label, Time value) throws SQLException {
        raw.updateTime(label, value);
    }

    @Override
    public void updateTimestamp(String label, Timestamp value) throws SQLException {
        raw.updateTimestamp(label, value);
    }

    @Override
    public void updateAsciiStream(String label, InputStream value, int length) throws SQLException {
        raw.updateAsciiStream(label, value, length);
    }

    @Override
    public void updateBinaryStream(String label, InputStream value, int length) throws SQLException {
        raw.updateBinaryStream(label, value, length);
    }

    @Override
    public void updateCharacterStream(String label, Reader value, int length) throws SQLException {
        raw.updateCharacterStream(label, value, length);
    }

    @Override
    public void updateObject(String label, Object value, int scale) throws SQLException {
        raw.updateObject(label, value, scale);
    }

    @Override
    public void updateObject(String label, Object value) throws SQLException {
        raw.updateObject(label, value);
    }

    @Override
    public void updateRef(String label, Ref value) throws SQLException {
        raw.updateRef(label, value);
    }

    @Override
    public void updateBlob(String label, Blob value) throws SQLException {
        raw.updateBlob(label, value);
    }

    @Override
    public void updateClob(String label, Clob value) throws SQLException {
        raw.updateClob(label, value);
    }

    @Override
    public void updateArray(String label, Array value) throws SQLException {
        raw.updateArray(label, value);
    }

    @Override
    public void updateRowId(String label, RowId value) throws SQLException {
        raw.updateRowId(label, value);
    }

    @Override
    public void updateNString(String label, String value) throws SQLException {
        raw.updateNString(label, value);
    }

    @Override
    public void updateNClob(String label, NClob value) throws SQLException {
        raw.updateNClob(label, value);
    }

    @Override
    public void updateSQLXML(String label, SQLXML value) throws SQLException {
        raw.updateSQLXML(label, value);
    }

    @Override
    public void updateNCharacterStream(String label, Reader value, long length) throws SQLException {
        raw.updateNCharacterStream(label, value, length);
    }

    @Override
    public void updateAsciiStream(String label, InputStream value, long length) throws SQLException {
        raw.updateAsciiStream(label, value, length);
    }

    @Override
    public void updateBinaryStream(String label, InputStream value, long length) throws SQLException {
        raw.updateBinaryStream(label, value, length);
    }

    @Override
    public void updateCharacterStream(String label, Reader value, long length) throws SQLException {
        raw.updateCharacterStream(label, value, length);
    }

    @Override
    public void updateBlob(String label, InputStream value, long length) throws SQLException {
        raw.updateBlob(label, value, length);
    }

    @Override
    public void updateClob(String label, Reader value, long length) throws SQLException {
        raw.updateClob(label, value, length);
    }

    @Override
    public void updateNClob(String label, Reader value, long length) throws SQLException {
        raw.updateNClob(label, value, length);
    }

    @Override
    public void updateNCharacterStream(String label, Reader value) throws SQLException {
        raw.updateNCharacterStream(label, value);
    }

    @Override
    public void updateAsciiStream(String label, InputStream value) throws SQLException {
        raw.updateAsciiStream(label, value);
    }

    @Override
    public void updateBinaryStream(String label, InputStream value) throws SQLException {
        raw.updateBinaryStream(label, value);
    }

    @Override
    public void updateCharacterStream(String label, Reader value) throws SQLException {
        raw.updateCharacterStream(label, value);
    }

    @Override
    public void updateBlob(String label, InputStream value) throws SQLException {
        raw.updateBlob(label, value);
    }

    @Override
    public void updateClob(String label, Reader value) throws SQLException {
        raw.updateClob(label, value);
    }

    @Override
    public void updateNClob(String label, Reader value) throws SQLException {
        raw.updateNClob(label, value);
    }

    @Override
    public void updateObject(String label, Object value, SQLType type, int scale) throws SQLException {
        raw.updateObject(label, value, type, scale);
    }

    @Override
    public void updateObject(String label, Object value, SQLType type) throws SQLException {
        raw.updateObject(label, value, type);
    }
}
