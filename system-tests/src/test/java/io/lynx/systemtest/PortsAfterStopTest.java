package io.lynx.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.app.Application;
import io.lynx.app.ShutdownReport;
import io.lynx.http.HttpServer;
import io.lynx.systemtest.process.FreePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whoever starts an application again right after its stop finds its ports free. */
final class PortsAfterStopTest {
    private static final int ROUNDS = SystemTests.count(100, 2_000);

    private static Application start(int service, int management) {
        Application application = Application.builder()
                .discoverPlugins(true)
                .set("lynx.application.name", "again")
                .set("lynx.application.version", "1.0.0")
                .set("lynx.http.host", "127.0.0.1")
                .set("lynx.http.port", Integer.toString(service))
                .set("lynx.metrics.prometheus.host", "127.0.0.1")
                .set("lynx.metrics.prometheus.port", Integer.toString(management))
                .plugin(HttpServer.with(http -> http.get("/", (_, response) -> response.send("ok"))))
                .build();
        application.start();
        return application;
    }

    private static void request(int port) throws IOException {
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
            client.getOutputStream()
                    .write("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(client.getInputStream().read()).isEqualTo('H');
        }
    }

    @Test
    @Timeout(value = 20, unit = TimeUnit.MINUTES) // The long form is long.
    void everyPortIsClosedWhenStopReturns() throws Exception {
        // Not ports that the kernel chooses, since it may give them to a client of another test at once.
        int service = FreePort.find();
        int management = FreePort.find();
        for (int round = 0; round < ROUNDS; round++) {
            Application application = start(service, management);
            request(management);

            ShutdownReport report = application.stop();

            assertThat(report.isClean()).as(report.toString()).isTrue();
            for (int port : List.of(management, service)) {
                try (ServerSocket again = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                    assertThat(again.isBound()).as("round " + round).isTrue();
                }
            }
        }
    }
}
