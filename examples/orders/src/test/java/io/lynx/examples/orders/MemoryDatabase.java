package io.lynx.examples.orders;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.UUID;
import java.util.logging.Logger;
import javax.sql.DataSource;

/** A database of its own for a test, gone when it is closed. */
final class MemoryDatabase implements DataSource, AutoCloseable {
    private final String url = "jdbc:h2:mem:" + UUID.randomUUID();
    private final Connection anchor;

    MemoryDatabase() {
        try {
            anchor = DriverManager.getConnection(url);
            OrderRepository.createSchema(anchor);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    String url() {
        return url;
    }

    @Override
    public void close() throws SQLException {
        anchor.close();
    }

    @Override
    public Connection getConnection() throws SQLException {
        return DriverManager.getConnection(url);
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return getConnection();
    }

    @Override
    public PrintWriter getLogWriter() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void setLogWriter(PrintWriter out) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void setLoginTimeout(int seconds) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int getLoginTimeout() {
        return 0;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLException("nothing inside");
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
