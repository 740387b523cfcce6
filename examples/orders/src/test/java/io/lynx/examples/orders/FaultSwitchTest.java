package io.lynx.examples.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FaultSwitchTest {
    private final List<Duration> pauses = new ArrayList<>();
    private final FaultSwitch fault = new FaultSwitch(pauses::add);

    @Test
    void doesNotDelayAHealthyDatabase() throws Exception {
        fault.beforeUse();

        assertThat(pauses).isEmpty();
    }

    @Test
    void delaysEachConnectionByTwoSecondsWhileSlow() throws Exception {
        fault.set(DatabaseFault.SLOW);
        fault.beforeUse();
        assertThat(pauses).containsExactly(Duration.ofSeconds(2));

        fault.set(DatabaseFault.UP);
        fault.beforeUse();
        assertThat(pauses).hasSize(1);
    }

    @Test
    void refusesConnectionsWhileDown() throws Exception {
        fault.set(DatabaseFault.DOWN);
        assertThatThrownBy(fault::beforeUse)
                .isInstanceOf(SQLTransientConnectionException.class)
                .hasMessage("the database is switched off")
                .extracting("SQLState")
                .isEqualTo("08001");

        fault.set(DatabaseFault.UP);
        fault.beforeUse();
    }
}
