package io.lynx.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AwaitTest {
    private static final Duration SHORT = Duration.ofMillis(20);
    private final AtomicInteger calls = new AtomicInteger();

    @Test
    void returnsWhenTheConditionIsTrue() {
        Await.until("three calls were made", () -> calls.incrementAndGet() == 3);

        assertThat(calls).hasValue(3);
    }

    @Test
    void namesWhatDidNotHappen() {
        assertThatThrownBy(() -> Await.until("the order is confirmed", SHORT, () -> false))
                .isInstanceOf(AssertionError.class)
                .hasMessage("waited 20 ms until the order is confirmed: it has not happened");
    }

    @Test
    void retriesAssertionsAndExceptions() {
        Await.asserted("the third call passes", () -> {
            if (calls.incrementAndGet() == 1) {
                throw new IOException("refused");
            }
            assertThat(calls).hasValue(3);
        });

        assertThat(calls).hasValue(3);
    }

    @Test
    void keepsTheLastFailureAsTheCause() {
        assertThatThrownBy(() -> Await.asserted("it can be read", SHORT, () -> {
                    throw new IOException("refused");
                }))
                .hasMessage("waited 20 ms until it can be read: refused")
                .hasCauseInstanceOf(IOException.class);
    }

    @Test
    void returnsAValueWhenThereIsOne() {
        assertThat(Await.value("a value", () -> calls.incrementAndGet() == 2 ? Optional.of("it") : Optional.empty()))
                .isEqualTo("it");
    }

    @Test
    void anInterruptEndsTheWait() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> Await.until("never", () -> false)).hasMessage("interrupted while waiting until never");
        assertThat(Thread.interrupted()).isTrue();
    }
}
