package io.lynx.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.lynx.systemtest.process.Launch;
import io.lynx.systemtest.process.ServiceProcess;
import io.lynx.systemtest.process.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever hangs in a stop, the process is gone in time, and says who hung where. */
final class HungStopTest {
    /**
     * What a busy machine may add to a deadline. A process that missed its deadline would be there much longer: until its budget is
     * over, the next deadline of a chain, or for ever. The figures report how far the goal of 250 ms is kept.
     */
    private static final Duration SLACK = Duration.ofSeconds(10);

    /** How often a busy machine may not run an interrupted thread within the 100 ms that it has. */
    private static final int ATTEMPTS = 5;

    @ParameterizedTest
    @CsvSource({"HANG_DEAF, Deed.hangForEver", "LATE, Deed.returnLate"})
    void exitsAtTheDeadlineOfThePlugin(String deed, String frame) throws Exception {
        assertThat(stop(deed, frame)).isEqualTo(124);
    }

    @Test
    void aStopThatEndsWhenInterruptedIsClean() throws Exception {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            if (stop("HANG", "Deed.hangUntilInterrupted") == 143) {
                return;
            }
        }
        throw new AssertionError("abandoned in each of " + ATTEMPTS + " runs, although it heeds the interrupt");
    }

    /** Stops a service of which one plugin hangs in its stop, and returns the exit code: 143 if that plugin stopped after all. */
    private static int stop(String deed, String frame) throws Exception {
        Launch launch = Services.scripted("below=NOTHING/NOTHING", "stuck>below=NOTHING/" + deed)
                .arguments("--lynx.shutdown.timeout=30s", "--lynx.shutdown.plugin_timeouts.stuck=1s");
        try (ServiceProcess service = launch.start()) {
            Services.awaitReady(service);
            long sent = service.signal(Signal.TERM);

            ServiceProcess.Exit exit = service.awaitExit();

            String all = service.output().text();
            assertThat(exit.since(sent))
                    .as(all)
                    .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(1).plus(SLACK));
            assertThat(all).contains("script below stopped");
            JsonNode report = Log.shutdownReport(service).orElseThrow();
            String plugins = report.path("plugins").toString();
            assertThat(plugins).contains(frame, exit.code() == 143 ? "stuck STOPPED" : "stuck ABANDONED");
            Figures.report(
                    "hung plugin (" + deed + ") gone after its deadline of 1 s",
                    exit.since(sent).minusSeconds(1));
            return exit.code();
        }
    }

    /** Ten plugins, each stopped after the one above it, none of which ever returns. */
    @Test
    void aChainOfHangingStopsStaysWithinTheBudget() throws Exception {
        List<String> chain = new ArrayList<>(List.of("p0=NOTHING/HANG_DEAF"));
        for (int i = 1; i < 10; i++) {
            chain.add("p" + i + ">p" + (i - 1) + "=NOTHING/HANG_DEAF");
        }
        Launch launch = Services.scripted(chain.toArray(String[]::new))
                .arguments("--lynx.shutdown.timeout=4s", "--lynx.shutdown.plugin_timeout=4s");
        try (ServiceProcess service = launch.start()) {
            Services.awaitReady(service);
            long sent = service.signal(Signal.TERM);

            ServiceProcess.Exit exit = service.awaitExit();

            assertThat(exit.code()).as(service.output().text()).isEqualTo(124);
            assertThat(exit.since(sent)).isLessThan(Duration.ofSeconds(4).plus(SLACK));
            String plugins =
                    Log.shutdownReport(service).orElseThrow().path("plugins").toString();
            for (int i = 0; i < 10; i++) {
                assertThat(plugins).contains("p" + i + " ABANDONED");
            }
            Figures.report(
                    "chain of 10 hung plugins, gone before the budget of 4 s was over",
                    Duration.ofSeconds(4).minus(exit.since(sent)));
        }
    }

    /** A supervisor may kill the process earlier than the budget ends: its lines name what is waited for by then. */
    @Test
    void namesWhatItWaitsForDuringTheShutdown() throws Exception {
        Launch launch = Services.scripted("good=NOTHING/NOTHING", "stuck=NOTHING/HANG_DEAF")
                .arguments("--lynx.shutdown.timeout=8s", "--lynx.shutdown.plugin_timeout=8s");
        try (ServiceProcess service = launch.start()) {
            Services.awaitReady(service);
            long _ = service.signal(Signal.TERM);

            JsonNode line = Log.await(service, "Shutdown is still in progress").path("kv");

            assertThat(line.path("step").asText()).isEqualTo("plugins");
            assertThat(line.path("waiting_for").toString())
                    .contains("plugin 'stuck' is STOPPING")
                    .contains("Deed.hangForEver")
                    .doesNotContain("good");
        }
    }

    /** The hook runs beside nothing of ours: the plugins have stopped before, and the report is out. */
    @Test
    void aHangingHookOfAThirdPartyIsCutOff() throws Exception {
        Launch launch = Services.scripted("good=NOTHING/NOTHING")
                .options("-Dhook=hang")
                .arguments("--lynx.shutdown.timeout=6s");
        try (ServiceProcess service = launch.start()) {
            Services.awaitReady(service);
            long sent = service.signal(Signal.TERM);

            ServiceProcess.Exit exit = service.awaitExit();

            String all = service.output().text();
            assertThat(exit.code()).as(all).isEqualTo(124);
            assertThat(exit.since(sent)).isLessThan(Duration.ofSeconds(6).plus(SLACK));
            assertThat(all.indexOf("script good stopped")).isPositive().isLessThan(all.indexOf("script hook hangs"));
            assertThat(Log.shutdownReport(service)).isPresent();
            assertThat(all)
                    .contains("the exit is still in progress; the application stopped after")
                    .containsPattern(
                            "the shutdown exceeded its budget of 6000 ms: halting now; .*hook that is waited for is"
                                    + " 'third-party-hook' at .*ScriptedService\\.hang");
            Figures.report(
                    "hung hook, gone after the budget of 6 s", exit.since(sent).minusSeconds(6));
        }
    }

    /** With System.exit all hooks run at once: ours still stops everything, and the budget still ends it. */
    @Test
    void aHangingHookRacesTheStopOfSystemExit() throws Exception {
        Launch launch = Services.scripted("commands", "good=NOTHING/NOTHING")
                .options("-Dhook=hang")
                .arguments("--lynx.shutdown.timeout=6s");
        try (ServiceProcess service = launch.start()) {
            Services.awaitReady(service);
            service.type("thread EXIT");

            ServiceProcess.Exit exit = service.awaitExit();

            assertThat(exit.code()).as(service.output().text()).isEqualTo(124);
            assertThat(service.output().text()).contains("script good stopped");
        }
    }
}
