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

/** A result set that passes the reading of columns to another one. */
abstract class DelegatingColumns extends DelegatingColumnsByIndex {
    DelegatingColumns(ResultSet raw) {
        super(raw);
    }

    @Override
    public String getString(String label) throws SQLException {
        return raw.getString(label);
    }

    @Override
    public boolean getBoolean(String label) throws SQLException {
        return raw.getBoolean(label);
    }

    @Override
    public byte getByte(String label) throws SQLException {
        return raw.getByte(label);
    }

    @Override
    public short getShort(String label) throws SQLException {
        return raw.getShort(label);
    }

    @Override
    public int getInt(String label) throws SQLException {
        return raw.getInt(label);
    }

    @Override
    public long getLong(String label) throws SQLException {
        return raw.getLong(label);
    }

    @Override
    public float getFloat(String label) throws SQLException {
        return raw.getFloat(label);
    }

    @Override
    public double getDouble(String label) throws SQLException {
        return raw.getDouble(label);
    }

    @Override
    @Deprecated
    public BigDecimal getBigDecimal(String label, int scale) throws SQLException {
        return raw.getBigDecimal(label, scale);
    }

    @Override
    public byte[] getBytes(String label) throws SQLException {
        return raw.getBytes(label);
    }

    @Override
    public Date getDate(String label) throws SQLException {
        return raw.getDate(label);
    }

    @Override
    public Time getTime(String label) throws SQLException {
        return raw.getTime(label);
    }

    @Override
    public Timestamp getTimestamp(String label) throws SQLException {
        return raw.getTimestamp(label);
    }

    @Override
    public InputStream getAsciiStream(String label) throws SQLException {
        return raw.getAsciiStream(label);
    }

    @Override
    @Deprecated
    public InputStream getUnicodeStream(String label) throws SQLException {
        return raw.getUnicodeStream(label);
    }

    @Override
    public InputStream getBinaryStream(String label) throws SQLException {
        return raw.getBinaryStream(label);
    }

    @Override
    public Object getObject(String label) throws SQLException {
        return raw.getObject(label);
    }

    @Override
    public Reader getCharacterStream(String label) throws SQLException {
        return raw.getCharacterStream(label);
    }

    @Override
    public BigDecimal getBigDecimal(String label) throws SQLException {
        return raw.getBigDecimal(label);
    }

    @Override
    public Object getObject(String label, Map<String, Class<?>> types) throws SQLException {
        return raw.getObject(label, types);
    }

    @Override
    public Ref getRef(String label) throws SQLException {
        return raw.getRef(label);
    }

    @Override
    public Blob getBlob(String label) throws SQLException {
        return raw.getBlob(label);
    }

    @Override
    public Clob getClob(String label) throws SQLException {
        return raw.getClob(label);
    }

    @Override
    public Array getArray(String label) throws SQLException {
        return raw.getArray(label);
    }

    @Override
    public Date getDate(String label, Calendar calendar) throws SQLException {
        return raw.getDate(label, calendar);
    }

    @Override
    public Time getTime(String label, Calendar calendar) throws SQLException {
        return raw.getTime(label, calendar);
    }

    @Override
    public Timestamp getTimestamp(String label, Calendar calendar) throws SQLException {
        return raw.getTimestamp(label, calendar);
    }

    @Override
    public URL getURL(String label) throws SQLException {
        return raw.getURL(label);
    }

    @Override
    public RowId getRowId(String label) throws SQLException {
        return raw.getRowId(label);
    }

    @Override
    public NClob getNClob(String label) throws SQLException {
        return raw.getNClob(label);
    }

    @Override
    public SQLXML getSQLXML(String label) throws SQLException {
        return raw.getSQLXML(label);
    }

    @Override
    public String getNString(String label) throws SQLException {
        return raw.getNString(label);
    }

    @Override
    public Reader getNCharacterStream(String label) throws SQLException {
        return raw.getNCharacterStream(label);
    }

    @Override
    public <T> T getObject(String label, Class<T> type) throws SQLException {
        return raw.getObject(label, type);
    }
}
