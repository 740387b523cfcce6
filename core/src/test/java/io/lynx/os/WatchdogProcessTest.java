package io.lynx.os;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.testkit.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What a whole service tells its service manager, in its order. */
@EnabledOnOs(OS.LINUX)
class WatchdogProcessTest {
    @TempDir
    Path folder;

    /** Receives until there is a message that contains {@code text}, and returns all. */
    private static List<String> awaitMessage(DatagramReceiver manager, String text) {
        List<String> received = new ArrayList<>();
        Await.asserted("a message contains " + text, Duration.ofSeconds(40), () -> {
            received.add(manager.receive());
            assertThat(received).last().asString().contains(text);
        });
        return received;
    }

    @Test
    void pingsTheWatchdogFromReadyToTheExit() throws Exception {
        String socket = folder.resolve("notify").toString();
        try (DatagramReceiver manager = new DatagramReceiver(socket);
                ChildJvm service = ChildJvm.startByShell(
                        "NOTIFY_SOCKET=" + socket + " WATCHDOG_USEC=200000 exec \"$@\"",
                        WatchdogMain.class,
                        "--enable-native-access=ALL-UNNAMED")) {
            assertThat(awaitMessage(manager, "READY=1")).hasSize(1);
            assertThat(awaitMessage(manager, "WATCHDOG=1")).hasSize(1);
            assertThat(awaitMessage(manager, "WATCHDOG=1")).hasSize(1);

            service.kill("TERM");

            assertThat(awaitMessage(manager, "STOPPING=1"))
                    .allMatch(message -> message.contains("WATCHDOG=1") || message.contains("STOPPING=1"));
            assertThat(service.exitCode()).isEqualTo(143);
        }
    }
}
