package io.lynx.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.lynx.systemtest.process.Launch;
import io.lynx.systemtest.process.ServiceProcess;
import io.lynx.systemtest.process.Signal;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Deadlines on one processor, while the only carrier of virtual threads is taken by a computation, by a static initializer or by a
 * native call.
 */
final class OneCpuTest {
    /** What a busy machine may add. */
    private static final Duration SLACK = Duration.ofSeconds(15);

    @ParameterizedTest
    @CsvSource({"COMPUTE, Deed.compute", "STATIC_INITIALIZER, Deed", "NATIVE_CALL, Deed.callNative"})
    void theDeadlineOfTheStartFires(String deed, String frame) throws Exception {
        Launch launch = Services.scripted("innocent=NOTHING/NOTHING", "busy>innocent=" + deed + "/NOTHING")
                .onOneCpu()
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
                .onOneCpu()
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
}
