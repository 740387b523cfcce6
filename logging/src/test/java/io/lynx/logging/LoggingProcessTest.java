package io.lynx.logging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What only a process of its own can show: its end, and its standard output. */
class LoggingProcessTest {
    @TempDir
    Path folder;

    private Process start(String mode, String... options) throws IOException {
        return new ProcessBuilder(command(mode, options))
                .redirectErrorStream(true)
                .start();
    }

    private static List<String> command(String mode, String... options) {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), LoggingProgram.class.getName(), mode));
        return command;
    }

    private static List<String> output(Process process) throws Exception {
        List<String> lines = new String(process.getInputStream().readAllBytes(), UTF_8)
                .lines()
                .toList();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return lines;
    }

    @Test
    void writesAllLinesAtExit() throws Exception {
        Process process = start("exit");

        List<String> lines = output(process);

        assertThat(process.exitValue()).isEqualTo(3);
        assertThat(lines).hasSize(5_001);
        assertThat(lines.get(0)).endsWith(" INFO  orders.program  line 0");
        assertThat(lines).anyMatch(line -> line.endsWith("from a hook"));
        assertThat(lines).anyMatch(line -> line.endsWith("line 4999"));
    }

    @Test
    void exitsWhenNothingReadsItsOutput() throws Exception {
        Process process = start("flood");

        boolean ended = process.waitFor(30, TimeUnit.SECONDS);
        process.destroyForcibly();

        assertThat(ended).isTrue();
        assertThat(process.exitValue()).isEqualTo(4);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void logsAgainOnceAFullDiskHasRoom() throws Exception {
        Path file = folder.resolve("out");
        List<String> command = new ArrayList<>(List.of(
                "/bin/sh",
                "-c",
                "ulimit -f 32; trap '' XFSZ; out=$1; shift; exec \"$@\" >>\"$out\"",
                "sh",
                file.toString()));
        command.addAll(command("full", "-XX:-UsePerfData"));
        Process process = new ProcessBuilder(command).start();
        BufferedReader errors = process.errorReader(UTF_8);
        String line = errors.readLine();
        while (line != null && !line.equals("full")) {
            line = errors.readLine();
        }

        Files.write(file, new byte[0], StandardOpenOption.TRUNCATE_EXISTING);
        process.getOutputStream().close();

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(5);
        assertThat(Files.readString(file)).contains(" after").contains(" log lines were dropped");
    }

    @Test
    void receivesTheLogOfTheJdk() throws Exception {
        List<String> lines = output(start("java"));

        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).endsWith(" WARN  from.platform  one");
        assertThat(lines.get(1)).endsWith(" INFO  from.jul  two {0}");
    }

    @Test
    void leavesTheFormatToALogbackFile() throws Exception {
        Path file = Files.writeString(folder.resolve("logback.xml"), """
                <configuration>
                  <appender name="OUT" class="ch.qos.logback.core.ConsoleAppender">
                    <encoder><pattern>mine %level %msg%n</pattern></encoder>
                  </appender>
                  <root level="INFO"><appender-ref ref="OUT"/></root>
                </configuration>
                """);

        List<String> lines = output(start("levels", "-Dlogback.configurationFile=" + file));

        assertThat(lines).containsExactly("mine DEBUG seen");
    }
}
