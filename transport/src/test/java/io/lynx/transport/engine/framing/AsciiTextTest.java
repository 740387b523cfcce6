package io.lynx.transport.engine.framing;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.AsciiString;
import org.junit.jupiter.api.Test;

class AsciiTextTest {
    private final AsciiText texts = new AsciiText();

    @Test
    void keepsATextThatIsRepeated() {
        CharSequence first = texts.of("content-type");

        assertThat(first).isInstanceOf(AsciiString.class).hasToString("content-type");
        assertThat(texts.of("content-type")).isSameAs(first);
    }

    @Test
    void leavesWhatIsNotAsciiAString() {
        assertThat(texts.of("größe")).isEqualTo("größe");
    }

    @Test
    void keepsABoundedNumber() {
        for (int i = 0; i < 10_000; i++) {
            assertThat(texts.of("x-" + i)).hasToString("x-" + i);
        }

        assertThat(texts.of("x-9999")).isInstanceOf(String.class);
    }

    @Test
    void keepsTheValuesOfContentTypesOnly() {
        assertThat(texts.value("X-Request-Id", "1")).isInstanceOf(String.class);
    }
}
