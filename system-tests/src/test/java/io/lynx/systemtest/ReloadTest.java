package io.lynx.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.systemtest.process.ServiceProcess;
import io.lynx.systemtest.process.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A service whose file is edited under it. */
@Execution(ExecutionMode.CONCURRENT)
final class ReloadTest {
    private static final String WATCHED = Services.CONFIG + """
              config:
                watch_interval: 100ms
            """;

    @Test
    void appliesAnEditedFileAndRefusesABrokenOne() throws Exception {
        try (ServiceProcess service = Services.scripted("good=NOTHING/NOTHING")
                .file("config.yml", WATCHED)
                .start()) {
            Services.awaitReady(service);
            Path file = service.directory().resolve("config.yml");

            replace(file, WATCHED + "  shutdown: {timeout: soon}\n  log: {level: debug}\n");
            assertThat(service.awaitLine("Configuration refused").text())
                    .contains("lynx.shutdown.timeout: 'soon' is not a duration (config.yml:");

            replace(file, WATCHED + "  shutdown: {timeout: 7s, quit: dump}\n  log: {level: debug}\n");
            assertThat(service.awaitLine("Configuration reloaded").text())
                    .contains("\"applied\":[\"lynx.log.level\",\"lynx.shutdown.timeout\"]")
                    .contains("\"restart_required\":[\"lynx.shutdown.quit\"]");

            long _ = service.signal(Signal.TERM);
            assertThat(service.awaitExit().code()).isEqualTo(143);
            assertThat(service.output().text())
                    .containsOnlyOnce("Configuration refused")
                    .containsOnlyOnce("Configuration reloaded")
                    .contains("\"level\":\"DEBUG\",\"logger\":\"io.lynx\"");
        }
    }

    /** In one step: the service would take a file that stays empty for a moment for an edited one. */
    private static void replace(Path file, String text) throws IOException {
        Path written = Files.writeString(file.resolveSibling("config.new"), text);
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
