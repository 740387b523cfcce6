package io.lynx.systemtest.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.systemtest.house.ProjectFiles;
import io.lynx.systemtest.process.Launch;
import io.lynx.systemtest.process.ServiceProcess;
import io.lynx.systemtest.process.Signal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code examples/signals.sh}, with a script that is always in a command substitution. With a trap in the same shell, about one of
 * 150 signals to its process group ended with a syntax error of bash, and a few hung.
 */
@Timeout(60)
final class SignalsScriptTest {
    private static final String ASKS = """
            set -euo pipefail
            source "$SIGNALS"
            work() {
                echo ready
                while :; do
                    value=$(tr : '\\n' <<<a:b:c | grep -v b | paste -s -d : -)
                    [ "$value" = a:c ] || exit 3
                    ! next_signal || exit "$signal_code"
                done
            }
            with_signals "$PWD/signals" work
            """;

    private static final String COUNTS = """
            set -euo pipefail
            source "$SIGNALS"
            work() {
                echo ready
                until next_signal; do sleep 0.01; done
                echo "first $signal_code"
                until next_signal; do sleep 0.01; done
                echo "second $signal_code"
                exit 7
            }
            with_signals "$PWD/signals" work
            """;

    private static final String SPEAKS_OF_ITS_END = """
            set -euo pipefail
            source "$SIGNALS"
            work() {
                echo "ready $BASHPID"
                until next_signal; do sleep 0.01; done
                echo "$signal_code" >end
            }
            with_signals "$PWD/signals" work
            """;

    @TempDir
    private Path folder;

    private ServiceProcess run(String script) throws Exception {
        Path file = Files.writeString(folder.resolve("script.sh"), script);
        String signals = ProjectFiles.ROOT.resolve("examples/signals.sh").toString();
        return Launch.program(
                folder, Map.of("PATH", System.getenv("PATH"), "SIGNALS", signals), "setsid", "bash", file.toString());
    }

    @RepeatedTest(50)
    void aSignalToTheGroupEndsItInAnyState() throws Exception {
        try (ServiceProcess process = run(ASKS)) {
            var _ = process.awaitLine("ready");
            // Any point of its loop, which takes a few milliseconds.
            Thread.sleep(ThreadLocalRandom.current().nextInt(10));

            process.signalGroup(Signal.INT);

            assertThat(process.awaitExit().code()).as(process.output().text()).isEqualTo(Signal.INT.exitCode());
            assertThat(process.output().text()).isEqualTo("ready");
            assertThat(folder.resolve("signals")).doesNotExist();
        }
    }

    @Test
    void eachSignalIsReturnedOnceAndTheExitCodeIsThatOfTheCommand() throws Exception {
        try (ServiceProcess process = run(COUNTS)) {
            var _ = process.awaitLine("ready");

            process.signalGroup(Signal.INT);
            var _ = process.awaitLine("first 130");
            long _ = process.signal(Signal.TERM);

            assertThat(process.awaitExit().code()).isEqualTo(7);
            assertThat(process.output().text()).contains("second 143");
        }
    }

    @Test
    void theEndOfTheShellThatWaitsCountsAsASignal() throws Exception {
        ServiceProcess process = run(SPEAKS_OF_ITS_END);
        try (process) {
            String ready = process.awaitLine("ready").text();
            ProcessHandle job = ProcessHandle.of(Long.parseLong(ready.substring("ready ".length())))
                    .orElseThrow();

            long _ = process.signal(Signal.KILL);

            var _ = job.onExit().get();
            assertThat(folder.resolve("end")).hasContent("129");
        }
    }
}
