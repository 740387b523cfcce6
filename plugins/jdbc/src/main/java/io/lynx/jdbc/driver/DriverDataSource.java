package io.lynx.jdbc.driver;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.time.Duration;
import java.util.function.Supplier;

/** Opens connections by the driver. Thread-safe. */
public final class DriverDataSource extends SimpleDataSource {
    /** What the pool waits at its close for connections that are being opened, in seconds: the shortest that it can. */
    private static final int CLOSE_WAIT = 1;

    private final DriverSettings settings;
    private final Driver driver;
    private final Supplier<Login> login;
    private final Duration silence;

    /** The credentials that new connections use. */
    public record Login(String user, String password) {}

    /**
     * Opens nothing.
     *
     * @param driver accepts the URL
     * @param login returns the present credentials
     * @param silence how long the server may send nothing while a caller waits for it; zero for any time. It ends waits that nothing
     *     else limits; a connection that exceeds it is broken
     */
    public DriverDataSource(DriverSettings settings, Driver driver, Supplier<Login> login, Duration silence) {
        this.settings = settings;
        this.driver = driver;
        this.login = login;
        this.silence = silence;
    }

    @Override
    public Connection getConnection() throws SQLException {
        Login current = login.get();
        Connection opened =
                driver.connect(settings.url(), DriverProperties.of(settings, current.user(), current.password()));
        if (opened == null) {
            throw new SQLNonTransientConnectionException(
                    "the driver " + driver.getClass().getName() + " no longer accepts the URL", "08001");
        }
        if (DriverProperties.limitsSilence(settings)) {
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

    @Override
    public int getLoginTimeout() {
        return CLOSE_WAIT;
    }
}
