package io.lynx.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.testkit.ManualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecoveryObserverTest {
    private final ManualTime time = new ManualTime();

    private ErrorRecoveryManager manager(RecoveryObserver observer) {
        return ErrorRecoveryManager.builder()
                .ticker(time)
                .clock(time)
                .scheduler(time)
                .observer(observer)
                .build();
    }

    @Test
    void hearsOfEveryErrorAlsoThoseThatAreSampledOut() {
        List<String> heard = new ArrayList<>();
        ErrorRecoveryManager manager = manager(new RecoveryObserver() {
            @Override
            public void errorRecorded(String errorType, ErrorSeverity severity, String component) {
                heard.add(errorType + " " + severity.label() + " " + component);
            }
        });

        for (int i = 0; i < 100; i++) {
            manager.recordError("database", "no route", "shop", ErrorSeverity.LOW, Map.of());
        }
        manager.recordError("database", "no route", null, ErrorSeverity.LOW, Map.of());

        assertThat(manager.totals().sampledOut()).isPositive();
        assertThat(heard).hasSize(101).startsWith("database low shop").endsWith("database low unknown");
    }

    @Test
    void harmsNobodyWhenItThrows() {
        ErrorRecoveryManager manager = manager(new RecoveryObserver() {
            @Override
            public void errorRecorded(String errorType, ErrorSeverity severity, String component) {
                throw new IllegalStateException("no");
            }
        });

        manager.recordError("database", "no route", "shop", ErrorSeverity.LOW, Map.of());

        assertThat(manager.totals().recorded()).isEqualTo(1);
        assertThat(manager.errorStats().errorCounts()).containsEntry("database", 1L);
    }
}
