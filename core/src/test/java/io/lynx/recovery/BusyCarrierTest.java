package io.lynx.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Recovery in a process whose only carrier of virtual threads is busy. */
class BusyCarrierTest {
    @Test
    void recoveriesRunAndEndAndAreReported() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:ActiveProcessorCount=1",
                        "-Djdk.virtualThreadScheduler.parallelism=1",
                        "-Djdk.virtualThreadScheduler.maxPoolSize=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BusyCarrier.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (InputStream out = process.getInputStream()) {
            String text = new String(out.readAllBytes(), StandardCharsets.UTF_8);

            assertThat(process.waitFor(50, TimeUnit.SECONDS)).isTrue();
            assertThat(text.lines())
                    .containsExactly("deaf ABANDONED", "working RECOVERED", "left [component 'deaf': strategy 'deaf']");
        } finally {
            process.destroyForcibly();
        }
    }
}
