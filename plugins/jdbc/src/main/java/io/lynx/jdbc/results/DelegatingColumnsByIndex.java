package io.lynx.jdbc.results;

import java.io.InputStream;
import java.io.Reader;
import java.math.BigDecimal;
import java.net.URL;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.NClob;
import java.sql.Ref;
import java.sql.ResultSet;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLXML;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.Calendar;
import java.util.Map;

/** A result set that passes the reading of columns by their index to another one. */
abstract class DelegatingColumnsByIndex implements ResultSet {
    final ResultSet raw;

    DelegatingColumnsByIndex(ResultSet raw) {
        this.raw = raw;
    }

    @Override
    public String getString(int index) throws SQLException {
        return raw.getString(index);
    }

    @Override
    public boolean getBoolean(int index) throws SQLException {
        return raw.getBoolean(index);
    }

    @Override
    public byte getByte(int index) throws SQLException {
        return raw.getByte(index);
    }

    @Override
    public short getShort(int index) throws SQLException {
        return raw.getShort(index);
    }

    @Override
    public int getInt(int index) throws SQLException {
        return raw.getInt(index);
    }

    @Override
    public long getLong(int index) throws SQLException {
        return raw.getLong(index);
    }

    @Override
    public float getFloat(int index) throws SQLException {
        return raw.getFloat(index);
    }

    @Override
    public double getDouble(int index) throws SQLException {
        return raw.getDouble(index);
    }

    @Override
    @Deprecated
    public BigDecimal getBigDecimal(int index, int scale) throws SQLException {
        return raw.getBigDecimal(index, scale);
    }

    @Override
    public byte[] getBytes(int index) throws SQLException {
        return raw.getBytes(index);
    }

    @Override
    public Date getDate(int index) throws SQLException {
        return raw.getDate(index);
    }

    @Override
    public Time getTime(int index) throws SQLException {
        return raw.getTime(index);
    }

    @Override
    public Timestamp getTimestamp(int index) throws SQLException {
        return raw.getTimestamp(index);
    }

    @Override
    public InputStream getAsciiStream(int index) throws SQLException {
        return raw.getAsciiStream(index);
    }

    @Override
    @Deprecated
    public InputStream getUnicodeStream(int index) throws SQLException {
        return raw.getUnicodeStream(index);
    }

    @Override
    public InputStream getBinaryStream(int index) throws SQLException {
        return raw.getBinaryStream(index);
    }

    @Override
    public Object getObject(int index) throws SQLException {
        return raw.getObject(index);
    }

    @Override
    public Reader getCharacterStream(int index) throws SQLException {
        return raw.getCharacterStream(index);
    }

    @Override
    public BigDecimal getBigDecimal(int index) throws SQLException {
        return raw.getBigDecimal(index);
    }

    @Override
    public Object getObject(int index, Map<String, Class<?>> types) throws SQLException {
        return raw.getObject(index, types);
    }

    @Override
    public Ref getRef(int index) throws SQLException {
        return raw.getRef(index);
    }

    @Override
    public Blob getBlob(int index) throws SQLException {
        return raw.getBlob(index);
    }

    @Override
    public Clob getClob(int index) throws SQLException {
        return raw.getClob(index);
    }

    @Override
    public Array getArray(int index) throws SQLException {
        return raw.getArray(index);
    }

    @Override
    public Date getDate(int index, Calendar calendar) throws SQLException {
        return raw.getDate(index, calendar);
    }

    @Override
    public Time getTime(int index, Calendar calendar) throws SQLException {
        return raw.getTime(index, calendar);
    }

    @Override
    public Timestamp getTimestamp(int index, Calendar calendar) throws SQLException {
        return raw.getTimestamp(index, calendar);
    }

    @Override
    public URL getURL(int index) throws SQLException {
        return raw.getURL(index);
    }

    @Override
    public RowId getRowId(int index) throws SQLException {
        return raw.getRowId(index);
    }

    @Override
    public NClob getNClob(int index) throws SQLException {
        return raw.getNClob(index);
    }

    @Override
    public SQLXML getSQLXML(int index) throws SQLException {
        return raw.getSQLXML(index);
    }

    @Override
    public String getNString(int index) throws SQLException {
        return raw.getNString(index);
    }

    @Override
    public Reader getNCharacterStream(int index) throws SQLException {
        return raw.getNCharacterStream(index);
    }

    @Override
    public <T> T getObject(int index, Class<T> type) throws SQLException {
        return raw.getObject(index, type);
    }
}
