package io.lynx.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Deadlines in a process whose only carrier of virtual threads is busy. */
class BlockedCarriersTest {
    private static String run(String mode) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:ActiveProcessorCount=1",
                        "-Djdk.virtualThreadScheduler.parallelism=1",
                        "-Djdk.virtualThreadScheduler.maxPoolSize=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BlockedCarriers.class.getName(),
                        mode)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (InputStream out = process.getInputStream()) {
            String text = new String(out.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(50, TimeUnit.SECONDS)).isTrue();
            return text;
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void startThatComputesIsNamedAndTheOthersStop() throws Exception {
        assertThat(run("start").lines())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith("start failed: TIMED_OUT plugin 'busy': not started after ")
                                .contains("BlockedCarriers.compute"),
                        line -> assertThat(line).isEqualTo("busy START ABANDONED true"),
                        line -> assertThat(line).isEqualTo("innocent STOP STOPPED false"));
    }

    @Test
    void stopThatComputesIsNamedAndTheOthersStop() throws Exception {
        assertThat(run("stop").lines())
                .containsExactlyInAnyOrder("started", "busy STOP ABANDONED true", "innocent STOP STOPPED false");
    }
}
