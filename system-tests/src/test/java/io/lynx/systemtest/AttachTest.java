package io.lynx.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.systemtest.process.ServiceProcess;
import io.lynx.systemtest.process.Signal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The JDK's tools attach by the signal that also stops a service. They must never stop it. */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(300) // Each attach starts a JVM, which takes seconds on a busy machine.
final class AttachTest {
    private static final int TIMES = 20;

    /** By default an attach fails after ten seconds, in which a busy machine may not have run the service. */
    private static final String ATTACH_TIMEOUT = "-J-Dsun.tools.attach.attachTimeout=60000";

    @Test
    void jcmdNeverStopsTheService() throws Exception {
        try (ServiceProcess service = Services.scripted("good=NOTHING/NOTHING")
                .arguments("--lynx.log.levels.io.lynx=debug")
                .start()) {
            Services.awaitReady(service);
            service.awaitLine("SIGQUIT: handled");

            for (int i = 0; i < TIMES; i++) {
                assertThat(jcmd(service)).contains("Reference Handler");
                // The socket of an earlier attach would be used again, without the signal.
                Files.deleteIfExists(Path.of("/proc", "" + service.pid(), "root/tmp/.java_pid" + service.pid()));
            }

            assertThat(service.isAlive()).isTrue();
            assertThat(Log.find(service, "Draining")).isEmpty();
            long _ = service.signal(Signal.QUIT);
            assertThat(service.awaitExit().code()).isEqualTo(131);
            assertThat(service.output().text()).containsOnlyOnce("Full thread dump");
        }
    }

    @Test
    void jcmdDoesNotStopAServiceThatIsStarting() throws Exception {
        try (ServiceProcess service = Services.scripted("slow=HANG/NOTHING").start()) {
            service.awaitLine("script slow starts");

            assertThat(jcmd(service)).contains("io.lynx.container.StartRun.run");

            assertThat(service.isAlive()).isTrue();
            long _ = service.signal(Signal.TERM);
            assertThat(service.awaitExit().code()).isEqualTo(143);
        }
    }

    @Test
    void quitOnlyPrintsADumpIfConfigured() throws Exception {
        try (ServiceProcess service = Services.scripted("good=NOTHING/NOTHING")
                .arguments("--lynx.shutdown.quit=dump")
                .start()) {
            Services.awaitReady(service);

            long _ = service.signal(Signal.QUIT);
            service.awaitLine("Full thread dump");

            long _ = service.signal(Signal.TERM);
            assertThat(service.awaitExit().code()).isEqualTo(143);
        }
    }

    @Test
    void hangupIsIgnoredIfConfigured() throws Exception {
        try (ServiceProcess service = Services.scripted("good=NOTHING/NOTHING")
                .arguments("--lynx.shutdown.hangup=ignore")
                .start()) {
            Services.awaitReady(service);

            long _ = service.signal(Signal.HUP);
            long _ = service.signal(Signal.HUP);

            long _ = service.signal(Signal.TERM);
            assertThat(service.awaitExit().code()).isEqualTo(143);
            assertThat(Log.shutdownReport(service).orElseThrow().path("trigger").asText())
                    .isEqualTo("SIGTERM");
        }
    }

    private static String jcmd(ServiceProcess service) throws Exception {
        Path tool = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process process = new ProcessBuilder(
                        tool.toString(), "-J-Xmx32m", ATTACH_TIMEOUT, "" + service.pid(), "Thread.print")
                .redirectErrorStream(true)
                .start();
        try {
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(printed).isZero();
            return printed;
        } finally {
            process.destroyForcibly();
        }
    }
}
