package io.lynx.jdbc;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Supplier;

/** Opens connections by the driver. Thread-safe. */
final class DriverDataSource extends SimpleDataSource {
    private final JdbcConfig config;
    private final Supplier<Login> login;
    private final Duration silence;

    /** The credentials that new connections use. */
    record Login(String user, String password) {}

    /**
     * Opens nothing.
     *
     * @param login returns the present credentials
     * @param silence how long the server may send nothing while a caller waits for it; zero for any time. It ends waits that nothing
     *     else limits; a connection that exceeds it is broken
     */
    DriverDataSource(JdbcConfig config, Supplier<Login> login, Duration silence) {
        this.config = config;
        this.login = login;
        this.silence = silence;
    }

    /**
     * Checks that there is a driver.
     *
     * @throws IllegalArgumentException if there is none
     */
    static void requireDriver(String url) {
        try {
            var _ = DriverManager.getDriver(url);
        } catch (SQLException missing) {
            throw new IllegalArgumentException(
                    "url: no driver for '" + DriverProperties.scheme(url)
                            + "' is on the class path; add the driver of the database,"
                            + " such as org.postgresql:postgresql, or correct the URL",
                    missing);
        }
    }

    @Override
    public Connection getConnection() throws SQLException {
        Login current = login.get();
        Connection opened = DriverManager.getConnection(
                config.url(), DriverProperties.of(config, current.user(), current.password()));
        if (DriverProperties.limitsSilence(config)) {
            try {
                opened.setNetworkTimeout(Runnable::run, (int) Math.min(silence.toMillis(), Integer.MAX_VALUE));
            } catch (SQLException | RuntimeException failure) {
                PhysicalConnection.close(opened);
                throw failure;
            }
        }
        return opened;
    }

    /** Ignores the time, which the pool sets, since the properties of the driver have it. */
    @Override
    public void setLoginTimeout(int seconds) {}
}
