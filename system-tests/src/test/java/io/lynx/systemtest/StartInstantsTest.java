package io.lynx.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.systemtest.process.FreePort;
import io.lynx.systemtest.process.ServiceProcess;
import io.lynx.systemtest.process.Signal;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** TERM at any instant of a start ends the process as TERM should, and leaves no port behind. */
final class StartInstantsTest {
    private static final int INSTANTS = SystemTests.count(25, 500);
    private static final int AT_ONCE = 3;
    private static final Duration BUDGET = Duration.ofSeconds(10);

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void termAtRandomInstantsOfTheStart() throws Exception {
        long seed = System.nanoTime();
        var random = new Random(seed);
        long startNanos = measureStart();
        Figures.report("start of an HTTP service to its ready line", Duration.ofNanos(startNanos));
        try (ExecutorService lanes = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<Duration>> all = new ArrayList<>();
            for (int i = 0; i < INSTANTS; i++) {
                // Three at once take longer to start than one alone.
                long instant = random.nextLong(startNanos * 5 / 2);
                all.add(lanes.submit(tried(instant, "instant " + instant / 1000 + " µs, seed " + seed)));
            }
            List<Duration> taken = new ArrayList<>();
            for (Future<Duration> one : all) {
                taken.add(one.get());
            }
            Figures.report("TERM during the start, signal to exit", taken);
        }
    }

    private static long measureStart() throws InterruptedException {
        try (ServiceProcess service = Services.http().start()) {
            return Services.awaitReadyLine(service).nanos() - service.startedNanos();
        }
    }

    private static Callable<Duration> tried(long instantNanos, String name) {
        return () -> {
            int port = FreePort.find();
            try (ServiceProcess service = Services.http()
                    .arguments("--lynx.http.port=" + port, "--lynx.shutdown.timeout=" + BUDGET.toSeconds() + "s")
                    .start()) {
                long wait = service.startedNanos() + instantNanos - System.nanoTime();
                if (wait > 0) {
                    Thread.sleep(Duration.ofNanos(wait));
                }

                long sent = service.signal(Signal.TERM);
                ServiceProcess.Exit exit = service.awaitExit();

                String all = name + "\n" + service.output().text();
                if (all.contains("Error occurred during initialization of VM")) {
                    // The JVM was told to end while it made itself, and stumbled over that: nothing of ours ran yet.
                    assertThat(all).as("nothing of ours ran").doesNotContain("lynx");
                    return exit.since(sent);
                }
                assertThat(exit.code()).as(all).isEqualTo(143);
                assertThat(exit.since(sent)).as(all).isLessThan(BUDGET);
                assertThat(all).doesNotContain("\tat ", "\"level\":\"ERROR\"", "uncleanly");
                new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
                return exit.since(sent);
            }
        };
    }
}
