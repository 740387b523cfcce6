package io.lynx.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.os.OneCarrierProcess;
import org.junit.jupiter.api.Test;

/** Deadlines in a process whose only carrier of virtual threads is busy. */
class BlockedCarriersTest {
    @Test
    void startThatComputesIsNamedAndTheOthersStop() throws Exception {
        assertThat(OneCarrierProcess.run(BlockedCarriers.class, "start").lines())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith("start failed: TIMED_OUT plugin 'busy': not started after ")
                                .contains("BlockedCarriers.compute"),
                        line -> assertThat(line).isEqualTo("busy START ABANDONED true"),
                        line -> assertThat(line).isEqualTo("innocent STOP STOPPED false"));
    }

    @Test
    void stopThatComputesIsNamedAndTheOthersStop() throws Exception {
        assertThat(OneCarrierProcess.run(BlockedCarriers.class, "stop").lines())
                .containsExactlyInAnyOrder("started", "busy STOP ABANDONED true", "innocent STOP STOPPED false");
    }
}
