package io.lynx.examples.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.config.Size;
import org.junit.jupiter.api.Test;

class MemoryFaultTest {
    private final MemoryFault fault = new MemoryFault();

    @Test
    void holdsWhatItIsToldInPlaceOfWhatItHeld() {
        fault.hold(Size.parse("3MiB"));
        fault.hold(Size.parse("2MiB"));

        assertThat(fault.bytes()).isEqualTo(2 << 20);
    }

    @Test
    void letsGoOfEverything() {
        fault.hold(Size.parse("2MiB"));
        fault.hold(Size.parse("0"));

        assertThat(fault.bytes()).isZero();
    }

    @Test
    void refusesWhatTheHeapHasNoRoomFor() {
        fault.hold(Size.parse("1MiB"));

        assertThatThrownBy(() -> fault.hold(new Size(Runtime.getRuntime().maxMemory())))
                .hasMessageMatching("memory fault: '.+'; up to \\d+MiB, by the heap's size \\(-Xmx\\)");
        assertThat(fault.bytes()).isZero();
    }
}
