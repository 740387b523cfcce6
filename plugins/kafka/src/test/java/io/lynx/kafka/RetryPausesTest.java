package io.lynx.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class RetryPausesTest {
    private final RetryPauses pauses = new RetryPauses(Duration.ofMillis(100), Duration.ofSeconds(1));

    @Test
    void boundsGrowToTheLongest() {
        assertThat(pauses.bound(1)).isEqualTo(Duration.ofMillis(100));
        assertThat(pauses.bound(3)).isEqualTo(Duration.ofMillis(400));
        assertThat(pauses.bound(5)).isEqualTo(Duration.ofSeconds(1));
        assertThat(pauses.bound(100_000)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void pausesAreWithinTheirBounds() {
        RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
        for (int failures = 1; failures < 10; failures++) {
            assertThat(pauses.pause(failures, random)).isBetween(Duration.ZERO, pauses.bound(failures));
        }
    }
}
