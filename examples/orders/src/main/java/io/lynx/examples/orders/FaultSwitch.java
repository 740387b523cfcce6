package io.lynx.examples.orders;

import io.lynx.jdbc.ConnectionHook;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;

/** Makes the database slow or unreachable until it is switched back. Thread-safe. */
final class FaultSwitch implements ConnectionHook {
    private static final Duration DELAY = Duration.ofSeconds(2);
    /** "Client unable to establish the connection", ISO/IEC 9075. */
    private static final String CANNOT_CONNECT = "08001";

    private final Pause pause;
    private volatile DatabaseFault fault = DatabaseFault.UP;

    FaultSwitch(Pause pause) {
        this.pause = pause;
    }

    DatabaseFault fault() {
        return fault;
    }

    void set(DatabaseFault fault) {
        this.fault = fault;
    }

    /** Applies the fault to the thread that borrows a connection: waits, or throws. */
    @Override
    public void beforeUse() throws SQLException {
        switch (fault) {
            case UP -> {}
            case SLOW -> delay();
            case DOWN -> throw new SQLTransientConnectionException("the database is switched off", CANNOT_CONNECT);
        }
    }

    private void delay() throws SQLException {
        try {
            pause.of(DELAY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLTransientConnectionException("interrupted while waiting for a connection", CANNOT_CONNECT, e);
        }
    }
}
