package io.lynx.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class FallbackTest {
    private static String failing() throws IOException {
        throw new IOException("down");
    }

    @Test
    void keepsTheValueOfACallThatSucceeds() throws Exception {
        Fallback<String> fallback = Fallback.to("cached");

        assertThat(fallback.call(() -> "fresh")).isEqualTo("fresh");
        assertThat(fallback.used()).isZero();
    }

    @Test
    void returnsAValueInsteadOfAnException() throws Exception {
        Fallback<String> fallback = Fallback.of(failure -> "cached, " + failure.getMessage());

        assertThat(fallback.call(FallbackTest::failing)).isEqualTo("cached, down");
        assertThat(fallback.used()).isEqualTo(1);
    }

    @Test
    void appliesOnlyToExceptionsThatItsPredicateAccepts() {
        Fallback<String> fallback = Fallback.to("cached").when(CallRejectedException.class::isInstance);

        assertThatThrownBy(() -> fallback.call(FallbackTest::failing)).isInstanceOf(IOException.class);
    }

    @Test
    void doesNotApplyToCancellationsAndErrors() {
        Fallback<String> fallback = Fallback.to("cached");

        assertThatThrownBy(() -> fallback.call(() -> {
                    throw new InterruptedException();
                }))
                .isInstanceOf(InterruptedException.class);
        assertThatThrownBy(() -> fallback.call(() -> {
                    throw new CancellationException();
                }))
                .isInstanceOf(CancellationException.class);
        assertThatThrownBy(() -> fallback.call(() -> {
                    throw new OutOfMemoryError();
                }))
                .isInstanceOf(OutOfMemoryError.class);
    }

    @Test
    void keepsTheFirstFailureIfItFailsItself() {
        Fallback<String> fallback = Fallback.of(_ -> {
            throw new IllegalStateException("no cache");
        });

        assertThatThrownBy(() -> fallback.call(FallbackTest::failing))
                .hasMessage("no cache")
                .satisfies(e -> assertThat(e.getSuppressed()[0]).hasMessage("down"));
    }
}
