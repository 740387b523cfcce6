package io.lynx.event.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RedeliveryPausesTest {
    @Test
    void boundsDoubleUpToTheLongest() {
        RedeliveryPauses pauses = new RedeliveryPauses(Duration.ofMillis(100), Duration.ofSeconds(1));
        Random random = new Random(1);

        for (int failures : List.of(1, 2, 3, 4, 5, 1000, Integer.MAX_VALUE)) {
            long bound = failures > 4 ? 1000 : 100L << (failures - 1);
            assertThat(pauses.after(failures, random))
                    .isBetween(Duration.ofMillis(bound / 2), Duration.ofMillis(bound));
        }
        assertThat(new RedeliveryPauses(Duration.ofDays(365), Duration.ofDays(365)).after(1000, random))
                .isBetween(Duration.ofDays(182), Duration.ofDays(365));
    }

    @Test
    void boundsThatNoClockCanCountAreRefused() {
        Duration second = Duration.ofSeconds(1);
        for (Duration wrong : List.of(
                Duration.ZERO,
                Duration.ofSeconds(-1),
                Duration.ofDays(300 * 365),
                Duration.ofSeconds(Long.MAX_VALUE))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new RedeliveryPauses(wrong, second))
                    .withMessageStartingWith("first is ");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new RedeliveryPauses(second, wrong))
                    .withMessageStartingWith("longest is ");
        }
    }
}
