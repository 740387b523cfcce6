package io.lynx.jdbc;

import java.io.InputStream;
import java.io.Reader;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.NClob;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A prepared statement that passes the parameters that are read from streams to another one. */
abstract class DelegatingLargeParameters extends ManagedStatement implements PreparedStatement {
    private final PreparedStatement raw;

    DelegatingLargeParameters(ManagedConnection connection, PreparedStatement raw) {
        super(connection, raw);
        this.raw = raw;
    }

    @Override
    @Deprecated
    public void setUnicodeStream(int index, @Nullable InputStream value, int length) throws SQLException {
        raw.setUnicodeStream(index, value, length);
    }

    @Override
    public void setAsciiStream(int index, @Nullable InputStream value, int length) throws SQLException {
        raw.setAsciiStream(index, value, length);
    }

    @Override
    public void setAsciiStream(int index, @Nullable InputStream value, long length) throws SQLException {
        raw.setAsciiStream(index, value, length);
    }

    @Override
    public void setAsciiStream(int index, @Nullable InputStream value) throws SQLException {
        raw.setAsciiStream(index, value);
    }

    @Override
    public void setBinaryStream(int index, @Nullable InputStream value, int length) throws SQLException {
        raw.setBinaryStream(index, value, length);
    }

    @Override
    public void setBinaryStream(int index, @Nullable InputStream value, long length) throws SQLException {
        raw.setBinaryStream(index, value, length);
    }

    @Override
    public void setBinaryStream(int index, @Nullable InputStream value) throws SQLException {
        raw.setBinaryStream(index, value);
    }

    @Override
    public void setCharacterStream(int index, @Nullable Reader value, int length) throws SQLException {
        raw.setCharacterStream(index, value, length);
    }

    @Override
    public void setCharacterStream(int index, @Nullable Reader value, long length) throws SQLException {
        raw.setCharacterStream(index, value, length);
    }

    @Override
    public void setCharacterStream(int index, @Nullable Reader value) throws SQLException {
        raw.setCharacterStream(index, value);
    }

    @Override
    public void setNCharacterStream(int index, @Nullable Reader value, long length) throws SQLException {
        raw.setNCharacterStream(index, value, length);
    }

    @Override
    public void setNCharacterStream(int index, @Nullable Reader value) throws SQLException {
        raw.setNCharacterStream(index, value);
    }

    @Override
    public void setBlob(int index, @Nullable Blob value) throws SQLException {
        raw.setBlob(index, value);
    }

    @Override
    public void setBlob(int index, @Nullable InputStream value, long length) throws SQLException {
        raw.setBlob(index, value, length);
    }

    @Override
    public void setBlob(int index, @Nullable InputStream value) throws SQLException {
        raw.setBlob(index, value);
    }

    @Override
    public void setClob(int index, @Nullable Clob value) throws SQLException {
        raw.setClob(index, value);
    }

    @Override
    public void setClob(int index, @Nullable Reader value, long length) throws SQLException {
        raw.setClob(index, value, length);
    }

    @Override
    public void setClob(int index, @Nullable Reader value) throws SQLException {
        raw.setClob(index, value);
    }

    @Override
    public void setNClob(int index, @Nullable NClob value) throws SQLException {
        raw.setNClob(index, value);
    }

    @Override
    public void setNClob(int index, @Nullable Reader value, long length) throws SQLException {
        raw.setNClob(index, value, length);
    }

    @Override
    public void setNClob(int index, @Nullable Reader value) throws SQLException {
        raw.setNClob(index, value);
    }
}
