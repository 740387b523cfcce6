package io.lynx.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.app.Application;
import io.lynx.health.CheckReport;
import io.lynx.health.Health;
import io.lynx.health.HealthCheckOptions;
import io.lynx.health.HealthCheckOptions.Criticality;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.testkit.Await;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

class ManyChecksTest {
    private static final int CHECKS = 200;
    private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(3);
    private static final int HANGING = 50;
    private static final int REQUESTS = 5_000;

    private final CountDownLatch begun = new CountDownLatch(HANGING);
    private final CountDownLatch never = new CountDownLatch(1);

    private final class Crowd implements Plugin {
        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("crowd").build();
        }

        @Override
        public void start(PluginContext context) {
            HealthCheckOptions options = HealthCheckOptions.defaults()
                    .withCriticality(Criticality.DEGRADING)
                    .withInterval(Duration.ofMillis(200))
                    .withTimeout(CHECK_TIMEOUT);
            for (int i = 0; i < CHECKS; i++) {
                boolean hangs = i < HANGING;
                context.healthCheck("crowd.c" + i, options, () -> hangs ? hang() : Health.up());
            }
        }

        private Health hang() {
            begun.countDown();
            boolean isReleased = false;
            while (!isReleased) {
                try {
                    never.await();
                    isReleased = true;
                } catch (InterruptedException _) {
                    // Asked to leave, and stays.
                }
            }
            return Health.up();
        }
    }

    private static void readAnswer(DataInputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.readUnsignedByte());
        }
        assertThat(head).startsWith("HTTP/1.1 200 ");
        int at = head.indexOf("content-length: ") + "content-length: ".length();
        in.skipNBytes(Long.parseLong(head.substring(at, head.indexOf("\r\n", at))));
    }

    @Test
    void answersAtOnceWhileChecksHang(TestReporter reporter) throws Exception {
        AdminPlugin admin = new AdminPlugin();
        Application application = Application.builder()
                .set("lynx.application.name", "crowded")
                .set("lynx.application.version", "1.0.0")
                .set("lynx.metrics.prometheus.port", "0")
                .set("lynx.metrics.prometheus.host", "127.0.0.1")
                .plugin(admin)
                .plugin(new Crowd())
                .discoverPlugins(false)
                .build();
        try (application) {
            application.start();
            assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
            URI url = URI.create(admin.url());
            long[] nanos = new long[REQUESTS];
            try (Socket socket = new Socket(url.getHost(), url.getPort())) {
                socket.setTcpNoDelay(true);
                socket.setSoTimeout(60_000);
                byte[] request = "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
                DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
                for (int i = 0; i < REQUESTS; i++) {
                    long start = System.nanoTime();
                    socket.getOutputStream().write(request);
                    readAnswer(in);
                    nanos[i] = System.nanoTime() - start;
                }
            }
            Arrays.sort(nanos);

            reporter.publishEntry(Map.of(
                    "p50 µs", Long.toString(nanos[REQUESTS / 2] / 1_000),
                    "p99 µs", Long.toString(nanos[REQUESTS * 99 / 100] / 1_000)));
            assertThat(Duration.ofNanos(nanos[REQUESTS / 2]))
                    .as("the median, since a busy machine spoils p99: the guard is against waiting for a check")
                    .isLessThan(CHECK_TIMEOUT);
            Await.asserted("no check hangs but those that shall", () -> assertThat(
                            application.health().snapshot().checks().stream().filter(CheckReport::hanging))
                    .hasSize(HANGING));
        } finally {
            never.countDown();
        }
    }
}
