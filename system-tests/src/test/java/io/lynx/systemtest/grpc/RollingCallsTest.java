package io.lynx.systemtest.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.systemtest.Services;
import io.lynx.systemtest.SystemTests;
import io.lynx.systemtest.app.GrpcService;
import io.lynx.systemtest.process.FreePort;
import io.lynx.systemtest.process.Launch;
import io.lynx.systemtest.process.ServiceProcess;
import io.lynx.systemtest.process.Signal;
import io.lynx.testkit.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two servers that are replaced in turn, under the load of grpc-java's client and of Python's, both round robin: no unary call fails and
 * no short stream. Streams without end are ended with UNAVAILABLE, and counted.
 */
final class RollingCallsTest {
    private static final int STOPS = SystemTests.count(3, 100);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final Pattern ENDED = Pattern.compile("\"long_lived_ended\":(\\d+)");
    private static final Pattern DONE = Pattern.compile("done unary=(\\d+) streams=(\\d+) ended=(\\d+) failed=(\\d+)");

    private final List<Integer> ports = List.of(FreePort.find(), FreePort.find());
    private final List<ServiceProcess> servers = new ArrayList<>();

    private static String name(int index, int generation) {
        return index + "-" + generation;
    }

    private ServiceProcess start(int index, int generation) {
        return Launch.of(GrpcService.class)
                .withoutClassPath("/examples/")
                .variable("LYNX_LOG_FORMAT", "json")
                .options("-Dname=" + name(index, generation))
                .arguments(
                        "--lynx.application.name=work",
                        "--lynx.application.version=1.0.0",
                        "--lynx.http.host=127.0.0.1",
                        "--lynx.http.port=" + ports.get(index),
                        "--lynx.metrics.prometheus.host=127.0.0.1",
                        "--lynx.metrics.prometheus.port=0",
                        "--lynx.startup.timeout=110s",
                        "--lynx.startup.plugin_timeout=100s",
                        "--lynx.shutdown.timeout=6s")
                .start();
    }

    private static void awaitServed(String server, CallLoad load, ServiceProcess python) throws Exception {
        Await.until("grpc-java's client calls " + server, PATIENCE, PAUSE, () -> load.hasServed(server));
        var _ = python.awaitLine("served " + server, PATIENCE);
    }

    private static long number(Pattern pattern, int group, String text) {
        Matcher matcher = pattern.matcher(text);
        assertThat(matcher.find()).as(text).isTrue();
        return Long.parseLong(matcher.group(group));
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.MINUTES)
    void losesNoCallWhileServersAreReplaced(@TempDir Path directory) throws Exception {
        long ended = 0;
        try {
            for (int i = 0; i < ports.size(); i++) {
                servers.add(start(i, 0));
            }
            for (ServiceProcess server : servers) {
                var _ = Services.awaitHttp(server);
            }
            String script = PythonScripts.write("load_client.py", directory);
            try (CallLoad load = new CallLoad(ports);
                    ServiceProcess python = Launch.program(
                            directory,
                            Map.of(),
                            PythonScripts.PYTHON,
                            script,
                            ports.get(0).toString(),
                            ports.get(1).toString())) {
                awaitServed(name(0, 0), load, python);
                awaitServed(name(1, 0), load, python);
                for (int stop = 1; stop <= STOPS; stop++) {
                    int index = stop % ports.size();
                    ServiceProcess old = servers.get(index);
                    long _ = old.signal(Signal.TERM);
                    assertThat(old.awaitExit().code()).isEqualTo(Signal.TERM.exitCode());
                    ended += number(ENDED, 1, old.output().text());
                    old.close();
                    servers.set(index, start(index, stop));
                    awaitServed(name(index, stop), load, python);
                }

                assertThat(load.failures).isEmpty();
                long _ = python.signal(Signal.TERM);
                String done = python.awaitLine("done ", PATIENCE).text();
                assertThat(number(DONE, 4, done)).as(python.output().text()).isZero();
                assertThat(number(DONE, 1, done)).isPositive();
                assertThat(number(DONE, 2, done)).isPositive();
                assertThat(load.unary.get()).isPositive();
                assertThat(load.streams.get()).isPositive();
                long counted = ended;
                Await.asserted("each client has noticed the end of its streams", () -> assertThat(
                                load.ended.get() + number(DONE, 3, done))
                        .as("streams that were ended, by their clients and by the servers")
                        .isPositive()
                        .isEqualTo(counted));
                System.out.printf(
                        "FIGURE gRPC, servers replaced: %d stops, grpc-java %d calls and %d streams, Python %s, lost: 0%n",
                        STOPS, load.unary.get(), load.streams.get(), done);
            }
        } finally {
            servers.forEach(ServiceProcess::close);
        }
    }
}
