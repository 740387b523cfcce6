package io.lynx.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.os.OneCarrierProcess;
import org.junit.jupiter.api.Test;

/** Recovery in a process whose only carrier of virtual threads is busy. */
class BusyCarrierTest {
    @Test
    void recoveriesRunAndEndAndAreReported() throws Exception {
        assertThat(OneCarrierProcess.run(BusyCarrier.class).lines())
                .containsExactly("deaf ABANDONED", "working RECOVERED", "left [component 'deaf': strategy 'deaf']");
    }
}
