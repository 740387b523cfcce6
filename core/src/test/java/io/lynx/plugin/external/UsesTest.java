package io.lynx.plugin.external;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.CircuitBreakerConfig;
import io.lynx.testkit.ManualTime;
import io.lynx.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class UsesTest {
    private final ManualTime time = new ManualTime();
    private final AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {});
    private final Uses uses =
            new Uses("jdbc", CircuitBreaker.of("jdbc", CircuitBreakerConfig.defaults(), time), failure -> true, () -> {
                // The begin of a use reads the clock after its check, as if another thread ran there.
                meanwhile.getAndSet(() -> {}).run();
                return time.nanos();
            });

    private boolean areOver() {
        try {
            return uses.awaitNone(Deadline.after(Duration.ZERO, time));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }

    @Test
    void stopWaitsForAUseThatBeginsAtTheSameTime() {
        assertThat(uses.connected()).isTrue();
        List<Boolean> over = new ArrayList<>();
        meanwhile.set(() -> {
            uses.stop();
            over.add(areOver());
        });

        Use use = uses.begin();

        assertThat(over).containsExactly(false);
        assertThat(uses.count()).isEqualTo(1);
        use.close();
        assertThat(areOver()).isTrue();
    }

    @Test
    void refusedUsesAreNotCounted() {
        assertThatThrownBy(uses::begin)
                .isInstanceOf(NotConnectedException.class)
                .hasMessage("plugin 'jdbc': has not connected yet");
        assertThat(uses.connected()).isTrue();
        uses.breaker().forceOpen();
        assertThatThrownBy(uses::begin).isNotInstanceOf(NotConnectedException.class);

        assertThat(uses.count()).isZero();
        assertThat(uses.holders(10)).isEmpty();
    }

    @Test
    void connectionThatComesAfterTheStopLetsNoUseBegin() {
        uses.stop();

        assertThat(uses.connected()).isFalse();
        uses.refuse("has not connected yet", new IllegalStateException("late"));

        assertThatThrownBy(uses::begin)
                .isInstanceOf(NotConnectedException.class)
                .hasMessage("plugin 'jdbc': is stopping")
                .hasNoCause();
    }
}
