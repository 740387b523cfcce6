package io.lynx.systemtest.grpc;

import io.grpc.Channel;
import io.lynx.grpc.client.GrpcChannel;
import io.lynx.systemtest.process.Launch;
import io.lynx.systemtest.process.ServiceProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The client of Lynx, and a server of Python. */
final class PythonServerTest extends InteropCases {
    private static ServiceProcess server;
    private static String port;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        Path descriptors = PythonScripts.descriptors(directory);
        server = Launch.program(
                directory,
                Map.of(),
                PythonScripts.PYTHON,
                PythonScripts.write("interop_server.py", directory),
                descriptors.toString());
        String line = server.awaitLine("port ", Duration.ofMinutes(1)).text();
        port = line.substring(line.indexOf("port ") + "port ".length()).strip();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Override
    Channel connect() {
        return GrpcChannel.builder("interop")
                .url("http://127.0.0.1:" + port)
                .connectTimeout(Duration.ofMinutes(1))
                .build();
    }

    @Override
    void disconnect(Channel connected) {
        ((GrpcChannel) connected).close();
    }
}
