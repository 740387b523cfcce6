package io.lynx.systemtest.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.systemtest.process.Command;
import io.lynx.testkit.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The cases of gRPC's interoperability tests by Python's client. */
@Timeout(180)
final class PythonClientTest {
    private static final int CASES = 18;

    @Test
    void everyCaseSucceeds(@TempDir Path directory) throws Exception {
        Path descriptors = PythonScripts.descriptors(directory);
        try (InteropServer server = new InteropServer()) {
            Command.Result result = Command.run(
                    directory,
                    Duration.ofMinutes(2),
                    List.of(
                            PythonScripts.PYTHON,
                            PythonScripts.write("interop_client.py", directory),
                            Integer.toString(server.port()),
                            descriptors.toString()));

            assertThat(result.isSuccess()).as(result.output()).isTrue();
            assertThat(result.output().lines())
                    .as(result.output())
                    .hasSize(CASES)
                    .allMatch(line -> line.startsWith("ok "));
            Await.until("no call is open", () -> server.inFlight() == 0);
        }
    }
}
