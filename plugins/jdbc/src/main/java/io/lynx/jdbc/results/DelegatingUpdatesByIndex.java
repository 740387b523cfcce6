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

/** A result set that passes updates of columns by their index to another one. */
abstract class DelegatingUpdatesByIndex extends DelegatingColumns {
    DelegatingUpdatesByIndex(ResultSet raw) {
        super(raw);
    }

    @Override
    public void updateNull(int index) throws SQLException {
        raw.updateNull(index);
    }

    @Override
    public void updateBoolean(int index, boolean value) throws SQLException {
        raw.updateBoolean(index, value);
    }

    @Override
    public void updateByte(int index, byte value) throws SQLException {
        raw.updateByte(index, value);
    }

    @Override
    public void updateShort(int index, short value) throws SQLException {
        raw.updateShort(index, value);
    }

    @Override
    public void updateInt(int index, int scale) throws SQLException {
        raw.updateInt(index, scale);
    }

    @Override
    public void updateLong(int index, long length) throws SQLException {
        raw.updateLong(index, length);
    }

    @Override
    public void updateFloat(int index, float value) throws SQLException {
        raw.updateFloat(index, value);
    }

    @Override
    public void updateDouble(int index, double value) throws SQLException {
        raw.updateDouble(index, value);
    }

    @Override
    public void updateBigDecimal(int index, BigDecimal value) throws SQLException {
        raw.updateBigDecimal(index, value);
    }

    @Override
    public void updateString(int index, String value) throws SQLException {
        raw.updateString(index, value);
    }

    @Override
    public void updateBytes(int index, byte[] value) throws SQLException {
        raw.updateBytes(index, value);
    }

    @Override
    public void updateDate(int index, Date value) throws SQLException {
        raw.updateDate(index, value);
    }

    @Override
    public void updateTime(int index, Time value) throws SQLException {
        raw.updateTime(index, value);
    }

    @Override
    public void updateTimestamp(int index, Timestamp value) throws SQLException {
        raw.updateTimestamp(index, value);
    }

    @Override
    public void updateAsciiStream(int index, InputStream value, int length) throws SQLException {
        raw.updateAsciiStream(index, value, length);
    }

    @Override
    public void updateBinaryStream(int index, InputStream value, int length) throws SQLException {
        raw.updateBinaryStream(index, value, length);
    }

    @Override
    public void updateCharacterStream(int index, Reader value, int length) throws SQLException {
        raw.updateCharacterStream(index, value, length);
    }

    @Override
    public void updateObject(int index, Object value, int scale) throws SQLException {
        raw.updateObject(index, value, scale);
    }

    @Override
    public void updateObject(int index, Object value) throws SQLException {
        raw.updateObject(index, value);
    }

    @Override
    public void updateRef(int index, Ref value) throws SQLException {
        raw.updateRef(index, value);
    }

    @Override
    public void updateBlob(int index, Blob value) throws SQLException {
        raw.updateBlob(index, value);
    }

    @Override
    public void updateClob(int index, Clob value) throws SQLException {
        raw.updateClob(index, value);
    }

    @Override
    public void updateArray(int index, Array value) throws SQLException {
        raw.updateArray(index, value);
    }

    @Override
    public void updateRowId(int index, RowId value) throws SQLException {
        raw.updateRowId(index, value);
    }

    @Override
    public void updateNString(int index, String value) throws SQLException {
        raw.updateNString(index, value);
    }

    @Override
    public void updateNClob(int index, NClob value) throws SQLException {
        raw.updateNClob(index, value);
    }

    @Override
    public void updateSQLXML(int index, SQLXML value) throws SQLException {
        raw.updateSQLXML(index, value);
    }

    @Override
    public void updateNCharacterStream(int index, Reader value, long length) throws SQLException {
        raw.updateNCharacterStream(index, value, length);
    }

    @Override
    public void updateAsciiStream(int index, InputStream value, long length) throws SQLException {
        raw.updateAsciiStream(index, value, length);
    }

    @Override
    public void updateBinaryStream(int index, InputStream value, long length) throws SQLException {
        raw.updateBinaryStream(index, value, length);
    }

    @Override
    public void updateCharacterStream(int index, Reader value, long length) throws SQLException {
        raw.updateCharacterStream(index, value, length);
    }

    @Override
    public void updateBlob(int index, InputStream value, long length) throws SQLException {
        raw.updateBlob(index, value, length);
    }

    @Override
    public void updateClob(int index, Reader value, long length) throws SQLException {
        raw.updateClob(index, value, length);
    }

    @Override
    public void updateNClob(int index, Reader value, long length) throws SQLException {
        raw.updateNClob(index, value, length);
    }

    @Override
    public void updateNCharacterStream(int index, Reader value) throws SQLException {
        raw.updateNCharacterStream(index, value);
    }

    @Override
    public void updateAsciiStream(int index, InputStream value) throws SQLException {
        raw.updateAsciiStream(index, value);
    }

    @Override
    public void updateBinaryStream(int index, InputStream value) throws SQLException {
        raw.updateBinaryStream(index, value);
    }

    @Override
    public void updateCharacterStream(int index, Reader value) throws SQLException {
        raw.updateCharacterStream(index, value);
    }

    @Override
    public void updateBlob(int index, InputStream value) throws SQLException {
        raw.updateBlob(index, value);
    }

    @Override
    public void updateClob(int index, Reader value) throws SQLException {
        raw.updateClob(index, value);
    }

    @Override
    public void updateNClob(int index, Reader value) throws SQLException {
        raw.updateNClob(index, value);
    }

    @Override
    public void updateObject(int index, Object value, SQLType type, int scale) throws SQLException {
        raw.updateObject(index, value, type, scale);
    }

    @Override
    public void updateObject(int index, Object value, SQLType type) throws SQLException {
        raw.updateObject(index, value, type);
    }
}
