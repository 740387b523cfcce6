package io.lynx.transport.engine.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.testkit.ManualTime;
import io.lynx.transport.LogLimit;
import org.junit.jupiter.api.Test;

class UnsentBytesTest {
    private static final long MOST = 1000;

    private final UnsentBytes unsent = new UnsentBytes(new LogLimit(new ManualTime()), MOST);

    @Test
    void saysWhenAConnectionIsToBeClosed() {
        assertThat(unsent.add(MOST)).isFalse();
        assertThat(unsent.add(1)).isTrue();
        assertThat(unsent.add(-1)).isFalse();
    }

    @Test
    void refusesNothingWhileConnectionsCanStillBeClosed() {
        boolean _ = unsent.add(2 * MOST);

        assertThat(unsent.isRefused(2 * MOST, 1)).isFalse();
    }

    @Test
    void beyondTwiceTheLimitItRefusesWhoHoldsMoreThanAnEqualPart() {
        boolean _ = unsent.add(2 * MOST + 1);

        assertThat(unsent.isRefused(101, 10)).isTrue();
        assertThat(unsent.isRefused(100, 10)).isFalse();
        assertThat(unsent.isRefused(MOST + 1, 0)).isTrue();
    }
}
