package io.lynx.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.lynx.systemtest.app.BrokenMain;
import io.lynx.systemtest.process.Launch;
import io.lynx.systemtest.process.Output;
import io.lynx.systemtest.process.ServiceProcess;
import io.lynx.systemtest.process.Signal;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way a process can end, but for those of a signal: see {@link SignalMatrixTest}. */
@Execution(ExecutionMode.CONCURRENT)
final class ExitCodeTest {
    private static final String DEBUG = "--lynx.log.levels.io.lynx=debug";

    /** Limits the time of one plugin alone: a busy machine may need longer for the others. */
    private static String[] impatientWith(String plugin) {
        return new String[] {
            "--lynx.startup.plugin_timeouts." + plugin + "=2s", "--lynx.shutdown.plugin_timeouts." + plugin + "=1s"
        };
    }

    @Test
    void zeroWhenTheProgramRequestsTheShutdown() throws Exception {
        try (ServiceProcess service =
                Services.scripted("commands", "good=NOTHING/NOTHING").start()) {
            Services.awaitReady(service);

            service.type("stop");

            assertThat(service.awaitExit().code()).isZero();
            JsonNode report = Log.shutdownReport(service).orElseThrow();
            assertThat(report.path("trigger").asText()).isEqualTo("typed");
            assertThat(service.output().text()).contains("script good stopped");
        }
    }

    @Test
    void zeroAfterASignalIfConfigured() throws Exception {
        Launch launch = Services.scripted("good=NOTHING/NOTHING").arguments("--lynx.shutdown.exit_code=zero");
        try (ServiceProcess service = launch.start()) {
            Services.awaitReady(service);

            long _ = service.signal(Signal.TERM);

            assertThat(service.awaitExit().code()).as(service.output().text()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"thread EXIT", "plugin EXIT"})
    void codeOfTheCallerWhenItCallsSystemExit(String command) throws Exception {
        try (ServiceProcess service = Services.scripted("commands", "good=NOTHING/NOTHING")
                .arguments(DEBUG)
                .start()) {
            awaitObserved(service);

            service.type(command);

            assertThat(service.awaitExit().code()).isEqualTo(7);
            JsonNode report = Log.shutdownReport(service).orElseThrow();
            assertThat(report.path("trigger").asText()).isEqualTo("System.exit(7)");
            assertThat(report.path("exit_code").asInt()).isEqualTo(7);
            assertThat(service.output().text()).contains("script good stopped");
        }
    }

    /** The drain would have 15 s, and waits for no request that waits for the drain. */
    @Test
    void codeOfTheCallerWhenAHandlerCallsSystemExitWithoutWaitingForItself() throws Exception {
        try (ServiceProcess service = Services.scripted("commands", "slow-traffic", "good=NOTHING/NOTHING")
                .arguments(DEBUG)
                .start()) {
            awaitObserved(service);

            service.type("request EXIT");

            assertThat(service.awaitExit().code()).isEqualTo(7);
            JsonNode report = Log.shutdownReport(service).orElseThrow();
            assertThat(report.path("trigger").asText()).isEqualTo("System.exit(7)");
            assertThat(report.path("drain_ms").asDouble()).isLessThan(14_000);
            assertThat(report.path("requests_failed").asInt()).isEqualTo(1);
            assertThat(report.path("cut_off").toString()).contains("GET /slow after 1000.0ms", "Deed.run");
        }
    }

    /** Their plugin would have 20 s, and waits for no thread that waits for the shutdown. */
    @ParameterizedTest
    @ValueSource(strings = {"job EXIT", "event EXIT"})
    void codeOfTheCallerWhenAJobOrAnEventHandlerCallsSystemExitWithoutWaitingForItself(String command)
            throws Exception {
        try (ServiceProcess service = Services.scripted("commands", "good=NOTHING/NOTHING")
                .arguments(DEBUG, "--lynx.shutdown.plugin_timeout=20s")
                .start()) {
            awaitObserved(service);

            service.type(command);

            assertThat(service.awaitExit().code()).isEqualTo(7);
            JsonNode report = Log.shutdownReport(service).orElseThrow();
            assertThat(report.path("trigger").asText()).isEqualTo("System.exit(7)");
            assertThat(report.path("exit_code").asInt()).isEqualTo(7);
            assertThat(report.path("ms").asDouble()).isLessThan(18_000);
            assertThat(report.path("undelivered_events").asInt()).isZero();
            assertThat(report.path("plugins").toString()).doesNotContain("ABANDONED", "threads left");
            assertThat(service.output().text()).contains("script good stopped");
        }
    }

    /** What observes calls of System.exit is installed after the application is ready. */
    private static void awaitObserved(ServiceProcess service) throws InterruptedException {
        JsonNode _ = Log.await(service, "SIGQUIT: ");
        Services.awaitReady(service);
        Output.Line _ = service.awaitLine("SIGQUIT: handled, after the thread dump");
    }

    @ParameterizedTest
    @CsvSource({
        "setup, HANG_DEAF, the set-up that was passed to Lynx.run",
        "descriptor, HANG_DEAF, calling descriptor() of plugin io.lynx.systemtest.app.EarlyPlugin",
        "record, HANG, binding the configuration to records"
    })
    void startDeadlineWhenCodeHangsBeforeAnythingStarts(String place, String deed, String named) throws Exception {
        Launch launch = Services.scripted("early", "good=NOTHING/NOTHING")
                .options("-D" + place + "=" + deed)
                .arguments("--lynx.startup.timeout=15s");
        try (ServiceProcess service = launch.start()) {
            assertThat(service.awaitExit().code()).as(service.output().text()).isEqualTo(75);

            assertThat(service.output().text())
                    .contains("the start exceeded its timeout of 15000 ms while", named, "Deed.hang")
                    .doesNotContain("script good starts");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"setup", "descriptor", "record"})
    void outOfMemoryBeforeAnythingStarts(String place) throws Exception {
        Launch launch =
                Services.scripted("early", "good=NOTHING/NOTHING").options("-Xmx40m", "-D" + place + "=OUT_OF_MEMORY");
        try (ServiceProcess service = launch.start()) {
            assertThat(service.awaitExit().code()).as(service.output().text()).isEqualTo(3);
            assertThat(service.output().text()).contains("the virtual machine failed: halting now");
        }
    }

    @ParameterizedTest
    @CsvSource({"eager, eager>good=EXIT/NOTHING", "tardy, tardy=NOTHING/EXIT"})
    void codeOfTheCallerWhenAPluginCallsSystemExitInItsStartOrStop(String plugin, String script) throws Exception {
        Launch launch = Services.scripted("good=NOTHING/NOTHING", script)
                .arguments(impatientWith(plugin))
                .arguments("--lynx.shutdown.timeout=6s");
        try (ServiceProcess service = launch.start()) {
            if (plugin.equals("tardy")) {
                Services.awaitReady(service);
                long _ = service.signal(Signal.TERM);
            }

            ServiceProcess.Exit exit = service.awaitExit();

            assertThat(exit.code()).as(service.output().text()).isEqualTo(7);
            assertThat(service.output().text()).contains("script good stopped");
        }
    }

    @Test
    void unavailableWhenARequiredPluginThrows() throws Exception {
        Launch launch = Services.scripted("first=NOTHING/NOTHING", "second>first=THROW/NOTHING");
        try (ServiceProcess service = launch.start()) {
            assertThat(service.awaitExit().code()).isEqualTo(69);

            assertThat(service.output().text())
                    .contains("second broke as scripted", "script first stopped")
                    .contains("script second stops")
                    .doesNotContain("system-test ready");
        }
    }

    @Test
    void runsWithoutAnOptionalPluginThatThrows() throws Exception {
        Launch launch = Services.scripted("good=NOTHING/NOTHING", "extra?=THROW/NOTHING");
        try (ServiceProcess service = launch.start()) {
            Services.awaitReady(service);
            long _ = service.signal(Signal.TERM);

            assertThat(service.awaitExit().code()).isEqualTo(143);
            assertThat(service.output().text()).contains("extra broke as scripted", "script good stopped");
        }
    }

    @ParameterizedTest
    @CsvSource({"HANG, Deed.hangUntilInterrupted", "HANG_DEAF, Deed.hangForEver"})
    void startDeadlineWhenAPluginDoesNotStart(String deed, String frame) throws Exception {
        Launch launch = Services.scripted("good=NOTHING/NOTHING", "slow>good=" + deed + "/NOTHING")
                .arguments(impatientWith("slow"));
        try (ServiceProcess service = launch.start()) {
            assertThat(service.awaitExit().code()).as(service.output().text()).isEqualTo(75);

            String all = service.output().text();
            assertThat(all).contains("script good stopped").doesNotContain("system-test ready");
            JsonNode slow = Log.find(service, "Plugin is still starting").orElseThrow();
            assertThat(slow.path("kv").path("plugin").asText()).isEqualTo("slow");
            assertThat(slow.path("kv").path("stack").toString()).contains(frame);
        }
    }

    /** No thread can be stopped against its will, and nobody knows what it is in the middle of. */
    @Test
    void uncleanWhenAStartGoesOnAfterASignal() throws Exception {
        Launch launch = Services.scripted("good=NOTHING/NOTHING", "deaf=COMPUTE/NOTHING")
                .arguments("--lynx.shutdown.plugin_timeouts.deaf=1s", "--lynx.shutdown.timeout=6s");
        try (ServiceProcess service = launch.start()) {
            Output.Line _ = service.awaitLine("script deaf starts");
            Output.Line _ = service.awaitLine("script good started");

            long _ = service.signal(Signal.TERM);

            assertThat(service.awaitExit().code()).as(service.output().text()).isEqualTo(124);
            assertThat(service.output().text()).contains("script good stopped");
            assertThat(Log.shutdownReport(service).orElseThrow().path("plugins").toString())
                    .contains("deaf ABANDONED", "Deed.compute");
        }
    }

    /** The plugin runs again and stops cleanly, but the thread of the abandoned attempt may still be changing something. */
    @ParameterizedTest
    @ValueSource(strings = {"stuck=NOTHING,HANG_DEAF,NOTHING/NOTHING", "stuck=NOTHING/HANG_DEAF,NOTHING"})
    void uncleanAfterAPluginWasAbandonedInARestart(String script) throws Exception {
        Launch launch =
                Services.scripted("commands", "good=NOTHING/NOTHING", script).arguments(impatientWith("stuck"));
        try (ServiceProcess service = launch.start()) {
            Services.awaitReady(service);
            service.type("restart stuck");
            if (script.endsWith("/NOTHING")) {
                Output.Line _ = service.awaitLine("script failed to restart stuck");
                service.type("restart stuck");
            }
            Output.Line _ = service.awaitLine("script restarted stuck");

            long _ = service.signal(Signal.TERM);

            assertThat(service.awaitExit().code()).as(service.output().text()).isEqualTo(124);
            assertThat(service.output().text()).contains("script good stopped", "script stuck stopped");
            assertThat(Log.shutdownReport(service).orElseThrow().path("plugins").toString())
                    .contains("stuck ABANDONED", "Deed.hangForEver", "stuck STOPPED");
        }
    }

    @Test
    void startDeadlineOfTheWholeApplication() throws Exception {
        Launch launch = Services.scripted("slow=HANG/NOTHING").arguments("--lynx.startup.timeout=15s");
        try (ServiceProcess service = launch.start()) {
            ServiceProcess.Exit exit = service.awaitExit();

            assertThat(exit.code()).as(service.output().text()).isEqualTo(75);
            assertThat(service.output().text()).contains("slow");
        }
    }

    @Test
    void internalWhenMainThrows() throws Exception {
        try (ServiceProcess service =
                Launch.of(BrokenMain.class).file("config.yml", Services.CONFIG).start()) {
            assertThat(service.awaitExit().code()).isEqualTo(70);
            assertThat(service.output().text()).contains("main broke as scripted");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"plugin OUT_OF_MEMORY", "thread OUT_OF_MEMORY"})
    void outOfMemoryOnAnyThread(String command) throws Exception {
        Launch launch = Services.scripted("commands", "good=NOTHING/NOTHING").options("-Xmx40m");
        try (ServiceProcess service = launch.start()) {
            Services.awaitReady(service);

            service.type(command);

            assertThat(service.awaitExit().code()).as(service.output().text()).isEqualTo(3);
            assertThat(service.output().text()).doesNotContain("script good stops");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"greedy=OUT_OF_MEMORY/NOTHING", "greedy=NOTHING/OUT_OF_MEMORY"})
    void outOfMemoryInAPluginsStartOrStop(String script) throws Exception {
        try (ServiceProcess service =
                Services.scripted(script).options("-Xmx40m").start()) {
            if (script.endsWith("/OUT_OF_MEMORY")) {
                Services.awaitReady(service);
                long _ = service.signal(Signal.TERM);
            }

            assertThat(service.awaitExit().code()).as(service.output().text()).isEqualTo(3);
        }
    }

    @Test
    void codeOfTheSignalAfterAStackOverflowInAThreadOfAPlugin() throws Exception {
        try (ServiceProcess service =
                Services.scripted("commands", "good=NOTHING/NOTHING").start()) {
            Services.awaitReady(service);

            service.type("plugin STACK_OVERFLOW");
            JsonNode line = Log.await(service, "Uncaught exception in a thread of a plugin");
            assertThat(line.path("kv").path("plugin").asText()).isEqualTo("commands");
            long _ = service.signal(Signal.TERM);

            assertThat(service.awaitExit().code()).isEqualTo(143);
            assertThat(service.output().text()).contains("script good stopped");
        }
    }

    @Test
    void codeOfTheSignalWhenTheStopOfAPluginThrows() throws Exception {
        Launch launch =
                Services.scripted("first=NOTHING/NOTHING", "bad>first=NOTHING/THROW", "last>bad=NOTHING/NOTHING");
        try (ServiceProcess service = launch.start()) {
            Services.awaitReady(service);
            long _ = service.signal(Signal.TERM);

            assertThat(service.awaitExit().code()).isEqualTo(143);
            assertThat(service.output().text()).contains("script last stopped", "script first stopped");
            assertThat(Log.shutdownReport(service).orElseThrow().path("plugins").toString())
                    .contains("bad STOPPED")
                    .contains("bad broke as scripted");
        }
    }

    @Test
    void codeOfTheSignalWhenAThreadIsLeftBehind() throws Exception {
        try (ServiceProcess service =
                Services.scripted("messy=LEAVE_THREAD/LEAVE_THREAD").start()) {
            Services.awaitReady(service);
            long sent = service.signal(Signal.TERM);

            ServiceProcess.Exit exit = service.awaitExit();
            assertThat(exit.code()).isEqualTo(143);
            assertThat(exit.since(sent)).isLessThan(Duration.ofSeconds(20));
        }
    }
}
