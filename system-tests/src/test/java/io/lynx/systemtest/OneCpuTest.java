package io.lynx.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.lynx.systemtest.process.Launch;
import io.lynx.systemtest.process.Output;
import io.lynx.systemtest.process.ServiceProcess;
import io.lynx.systemtest.process.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Deadlines on one processor, or two, while each carrier of virtual threads is taken by a computation, by a static initializer or by
 * a native call.
 */
final class OneCpuTest {
    /** What a busy machine may add. */
    private static final Duration SLACK = Duration.ofSeconds(15);

    @ParameterizedTest
    @CsvSource({"COMPUTE, Deed.compute", "STATIC_INITIALIZER, Deed", "NATIVE_CALL, Deed.callNative"})
    void theDeadlineOfTheStartFires(String deed, String frame) throws Exception {
        Launch launch = Services.scripted("innocent=NOTHING/NOTHING", "busy>innocent=" + deed + "/NOTHING")
                .onCpus(1)
                .arguments("--lynx.startup.plugin_timeouts.busy=2s", "--lynx.shutdown.timeout=6s");
        try (ServiceProcess service = launch.start()) {
            long began = service.awaitLine("script busy starts").nanos();

            ServiceProcess.Exit exit = service.awaitExit();

            String all = service.output().text();
            assertThat(exit.since(began))
                    .as(all)
                    .isLessThan(Duration.ofSeconds(8).plus(SLACK));
            assertThat(exit.code()).as(all).isEqualTo(75);
            assertThat(all).contains("plugin 'busy': not started after", "script innocent stopped", frame);
        }
    }

    @ParameterizedTest
    @CsvSource({"COMPUTE, Deed.compute", "STATIC_INITIALIZER, Deed", "NATIVE_CALL, Deed.callNative"})
    void theShutdownEndsWithinItsBudgetAndNamesThePlugin(String deed, String frame) throws Exception {
        Launch launch = Services.scripted("innocent=NOTHING/NOTHING", "busy>innocent=NOTHING/" + deed)
                .onCpus(1)
                .arguments("--lynx.shutdown.timeout=6s", "--lynx.shutdown.plugin_timeouts.busy=1s");
        try (ServiceProcess service = launch.start()) {
            Services.awaitReady(service);
            long sent = service.signal(Signal.TERM);

            ServiceProcess.Exit exit = service.awaitExit();

            String all = service.output().text();
            assertThat(exit.since(sent))
                    .as(all)
                    .isLessThan(Duration.ofSeconds(6).plus(SLACK));
            assertThat(exit.code()).as(all).isEqualTo(124);
            assertThat(all).contains("script innocent stopped");
            JsonNode report = Log.shutdownReport(service).orElseThrow();
            assertThat(report.path("plugins").toString())
                    .contains("busy ABANDONED", frame)
                    .doesNotContain("innocent ABANDONED");
        }
    }

    static Stream<Arguments> handlers() {
        return SystemTests.areFull()
                ? Stream.of("COMPUTE", "STATIC_INITIALIZER", "NATIVE_CALL")
                        .flatMap(deed -> Stream.of(
                                Arguments.of(1, deed, ""), Arguments.of(1, "", deed), Arguments.of(2, deed, deed)))
                : Stream.of(
                        Arguments.of(1, "COMPUTE", ""),
                        Arguments.of(1, "", "NATIVE_CALL"),
                        Arguments.of(2, "STATIC_INITIALIZER", "COMPUTE"));
    }

    /**
     * The plugin of an event handler is abandoned, and its handler perhaps not named, if the machine does not run the thread of its stop
     * within the 100 ms that it has after its deadline.
     */
    @ParameterizedTest(name = "CPUs {0}, request {1}, event {2}")
    @MethodSource("handlers")
    void theShutdownEndsWithinItsBudgetAndNamesTheHandlers(int cpus, String request, String event) throws Exception {
        Launch launch = Services.scripted("http", "commands", "innocent=NOTHING/NOTHING")
                .onCpus(cpus)
                .arguments("--lynx.http.host=127.0.0.1", "--lynx.http.port=0")
                .arguments("--lynx.shutdown.timeout=8s", "--lynx.shutdown.plugin_timeouts.commands=1s")
                // The drain would take half of that time.
                .arguments("--lynx.shutdown.graceful=" + (cpus == 1 || SystemTests.areFull()));
        try (ServiceProcess service = launch.start();
                Wire client = new Wire(Services.awaitHttp(service))) {
            if (!event.isEmpty()) {
                service.type("event " + event);
                Output.Line _ = service.awaitLine("script commands performs " + event);
            }
            if (!request.isEmpty()) {
                Wire _ = client.write("GET /deeds/" + request + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
                Output.Line _ = service.awaitLine("script http performs " + request);
            }
            long sent = service.signal(Signal.TERM);

            ServiceProcess.Exit exit = service.awaitExit();

            String all = service.output().text();
            assertThat(exit.since(sent))
                    .as(all)
                    .isLessThan(Duration.ofSeconds(8).plus(SLACK));
            assertThat(exit.code()).as(all).isEqualTo(124);
            assertThat(all).contains("script innocent stopped");
            JsonNode report = Log.shutdownReport(service).orElseThrow();
            String plugins = report.path("plugins").toString();
            assertThat(plugins).doesNotContain("innocent ABANDONED");
            List<String> cutOff = new ArrayList<>();
            report.path("cut_off").forEach(work -> cutOff.add(work.asText()));
            assertThat(cutOff)
                    .as(all)
                    .allMatch(work -> isNamed(work, "GET /deeds/{deed} ", request)
                            || isNamed(work, "event handler 'deeds' ", event));
            boolean isAbandoned = plugins.contains("commands ABANDONED");
            assertThat(cutOff)
                    .as(all)
                    .hasSizeGreaterThanOrEqualTo(
                            (request.isEmpty() ? 0 : 1) + (event.isEmpty() || isAbandoned ? 0 : 1));
        }
    }

    private static boolean isNamed(String work, String name, String deed) {
        return work.startsWith(name) && !deed.isEmpty() && work.contains(frame(deed));
    }

    private static String frame(String deed) {
        return switch (deed) {
            case "COMPUTE" -> "Deed.compute";
            case "STATIC_INITIALIZER" -> "Deed.initialize";
            default -> "Deed.callNative";
        };
    }
}
