package io.lynx.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.systemtest.process.ServiceProcess;
import io.lynx.systemtest.process.Signal;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * How fast a signal is obeyed. The goals are reported; what is asserted allows for a machine with much else to do: three seconds,
 * or as long as the same process took to start, which is about two seconds on an idle machine.
 */
final class PromptnessTest {
    private static final Duration LEAST_SLACK = Duration.ofSeconds(3);

    /** Goal: 50 ms. */
    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void aSecondSignalEndsTheProcessAtOnce() throws Exception {
        List<Duration> taken = new ArrayList<>();
        for (int i = 0; i < SystemTests.count(3, 30); i++) {
            long begun = System.nanoTime();
            try (ServiceProcess service = Services.scripted("stuck=NOTHING/HANG_DEAF")
                    .arguments("--lynx.shutdown.plugin_timeout=20s")
                    .start()) {
                Services.awaitReady(service);
                Duration slack = slackSince(begun);
                long _ = service.signal(Signal.TERM);
                Services.awaitSecondCounts(service.awaitLine("script stuck stops"));

                long second = service.signal(Signal.TERM);
                ServiceProcess.Exit exit = service.awaitExit();

                assertThat(exit.code()).isEqualTo(143);
                taken.add(exit.since(second));
                assertThat(exit.since(second)).isLessThan(slack);
            }
        }
        Figures.report("second signal to exit", taken);
    }

    /** Goal: 20 ms after the signal, the end of the JVM aside. */
    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void anIdleServiceShutsDownAtOnce() throws Exception {
        List<Duration> stops = new ArrayList<>();
        List<Duration> exits = new ArrayList<>();
        for (int i = 0; i < SystemTests.count(3, 30); i++) {
            long begun = System.nanoTime();
            try (ServiceProcess service = Services.http().start()) {
                Services.awaitHttp(service);
                Duration slack = slackSince(begun);

                long sent = service.signal(Signal.TERM);
                ServiceProcess.Exit exit = service.awaitExit();

                assertThat(exit.code()).isEqualTo(143);
                exits.add(exit.since(sent));
                assertThat(exit.since(sent)).isLessThan(slack);
                double millis =
                        Log.shutdownReport(service).orElseThrow().path("ms").asDouble();
                stops.add(Duration.ofNanos((long) (millis * 1e6)));
            }
        }
        Figures.report("idle stop of an HTTP service, by its report", stops);
        Figures.report("idle stop of an HTTP service, signal to exit", exits);
    }

    /** Goal: 10 ms from the signal to a readiness of 503. */
    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void readinessGoesDownAtOnceAndStaysDown() throws Exception {
        List<Duration> taken = new ArrayList<>();
        for (int i = 0; i < SystemTests.count(3, 30); i++) {
            long begun = System.nanoTime();
            try (ServiceProcess service =
                    Services.http().arguments("--lynx.shutdown.drain_delay=4s").start()) {
                InetSocketAddress address = Services.awaitHttp(service);
                Duration slack = slackSince(begun);
                assertThat(readiness(address)).isEqualTo(200);

                long sent = service.signal(Signal.TERM);
                long down = sent;
                int status = 200;
                while (status == 200) {
                    status = readiness(address);
                    down = System.nanoTime();
                }
                assertThat(status).isEqualTo(503);
                assertThat(liveness(address)).isEqualTo(200);
                assertThat(readiness(address)).isEqualTo(503);
                taken.add(Duration.ofNanos(down - sent));
                assertThat(taken.getLast()).isLessThan(slack);
                assertThat(service.awaitExit().code()).isEqualTo(143);
            }
        }
        Figures.report("signal to readiness 503", taken);
    }

    private static Duration slackSince(long begun) {
        Duration start = Duration.ofNanos(System.nanoTime() - begun);
        return start.compareTo(LEAST_SLACK) > 0 ? start : LEAST_SLACK;
    }

    private static int readiness(InetSocketAddress address) throws IOException {
        return status(address, "/health/ready");
    }

    private static int liveness(InetSocketAddress address) throws IOException {
        return status(address, "/health/live");
    }

    /** By a connection of its own, with next to nothing between the answer and the clock. */
    private static int status(InetSocketAddress address, String path) throws IOException {
        try (var socket = new Socket(address.getAddress(), address.getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String head = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
            assertThat(head).startsWith("HTTP/1.1 ");
            return Integer.parseInt(head.substring(9));
        }
    }
}
