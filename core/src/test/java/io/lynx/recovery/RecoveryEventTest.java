package io.lynx.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.recovery.RecoveryEvent.ErrorCounted;
import io.lynx.recovery.RecoveryEvent.ErrorRecorded;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class RecoveryEventTest {
    @AutoClose
    private final RecoveryFixture fixture = new RecoveryFixture();

    private final ErrorRecoveryManager manager = fixture.manager;

    @Test
    void everyErrorIsCountedAndSomeAreRecorded() {
        List<RecoveryEvent> received = new ArrayList<>();
        manager.addListener("list", event -> {
            if (event instanceof ErrorCounted || event instanceof ErrorRecorded) {
                received.add(event);
            }
        });

        for (int i = 0; i < 100; i++) {
            manager.recordError("database", "no route", "shop", ErrorSeverity.LOW, Map.of());
        }
        manager.recordError("database", "no route", null, ErrorSeverity.LOW, Map.of());

        List<RecoveryEvent> counted =
                received.stream().filter(ErrorCounted.class::isInstance).toList();
        assertThat(manager.totals().sampledOut()).isPositive();
        assertThat(counted)
                .hasSize(101)
                .startsWith(new ErrorCounted("shop", "database", ErrorSeverity.LOW))
                .endsWith(new ErrorCounted("unknown", "database", ErrorSeverity.LOW));
        assertThat(received.size() - counted.size())
                .isEqualTo((int) manager.totals().inHistory());
    }
}
