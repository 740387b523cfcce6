package io.lynx.examples.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class FaultSwitchTest {
    @AutoClose
    private final MemoryDatabase inner = new MemoryDatabase();

    private final List<Duration> pauses = new ArrayList<>();
    private final FaultSwitch fault = new FaultSwitch(pauses::add);
    private final FaultyDataSource database = new FaultyDataSource(inner, fault);

    private boolean isConnected() throws Exception {
        try (Connection connection = database.getConnection()) {
            return connection.isValid(1);
        }
    }

    @Test
    void doesNotDelayAHealthyDatabase() throws Exception {
        assertThat(isConnected()).isTrue();
        assertThat(pauses).isEmpty();
    }

    @Test
    void delaysEachConnectionByTwoSecondsWhileSlow() throws Exception {
        fault.set(DatabaseFault.SLOW);
        assertThat(isConnected()).isTrue();
        assertThat(pauses).containsExactly(Duration.ofSeconds(2));

        fault.set(DatabaseFault.UP);
        assertThat(isConnected()).isTrue();
        assertThat(pauses).hasSize(1);
    }

    @Test
    void refusesConnectionsWhileDown() throws Exception {
        fault.set(DatabaseFault.DOWN);
        assertThatThrownBy(database::getConnection)
                .isInstanceOf(SQLTransientConnectionException.class)
                .hasMessage("the database is switched off")
                .extracting("SQLState")
                .isEqualTo("08001");

        fault.set(DatabaseFault.UP);
        assertThat(isConnected()).isTrue();
    }
}
