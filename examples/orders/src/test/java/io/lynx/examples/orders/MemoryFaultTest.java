package io.lynx.examples.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.config.Size;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MemoryFaultTest {
    private final MemoryFault fault = new MemoryFault();

    @Test
    void replacesTheMemoryThatItHolds() {
        fault.hold(Size.parse("3MiB"));
        fault.hold(Size.parse("2MiB"));

        assertThat(fault.bytes()).isEqualTo(2 << 20);
    }

    @Test
    void releasesAllMemory() {
        fault.hold(Size.parse("2MiB"));
        fault.hold(Size.parse("0"));

        assertThat(fault.bytes()).isZero();
    }

    /** The regions of such a heap are as large as a block without its header. */
    @Test
    void holdsHalfOfTheHeap() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx2200m",
                        "-XX:+UseG1GC",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        MemoryHolder.class.getName(),
                        "1100MiB")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void refusesMoreThanTheHeapHasFree() {
        fault.hold(Size.parse("1MiB"));

        assertThatThrownBy(() -> fault.hold(new Size(Runtime.getRuntime().maxMemory())))
                .hasMessageMatching("memory fault: '.+'; up to \\d+MiB, by the heap's size \\(-Xmx\\)");
        assertThat(fault.bytes()).isZero();
    }
}
