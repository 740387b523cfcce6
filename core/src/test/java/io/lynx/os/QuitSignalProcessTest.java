package io.lynx.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@EnabledOnOs(OS.LINUX)
final class QuitSignalProcessTest {
    private static final String NATIVE = "--enable-native-access=ALL-UNNAMED";
    private static final String JCMD =
            Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();

    /** By default an attach fails after ten seconds, in which a busy machine may not have run the other JVM. */
    private static final String ATTACH_TIMEOUT = "-J-Dsun.tools.attach.attachTimeout=60000";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-Xshare:auto",
                "-Xshare:off",
                "-XX:+DisableAttachMechanism",
                "-Xcheck:jni",
                "-Xint",
                "-XX:+UseCompactObjectHeaders"
            })
    void printsADumpAndThenCallsTheHandlerForEachQuit(String option) throws Exception {
        try (ChildJvm jvm = ChildJvm.start(QuitSignalMain.class, NATIVE, option)) {
            jvm.await("INSTALLED SIGQUIT: handled, after the thread dump");
            jvm.await("ready");

            for (int i = 1; i <= 5; i++) {
                jvm.kill("QUIT");
                jvm.await("Full thread dump");
                assertThat(jvm.await("quit")).isEqualTo("quit " + i + " on SIGQUIT handler");
                jvm.writeLine("gc");
                jvm.await("done gc");
            }
            jvm.writeLine("end");

            jvm.await("heard 5");
            assertThat(jvm.exitCode()).isZero();
        }
    }

    @Test
    void attachingWorksAndDoesNotCallTheHandler() throws Exception {
        try (ChildJvm jvm = ChildJvm.start(QuitSignalMain.class, NATIVE)) {
            jvm.await("ready");

            for (String command : List.of("VM.version", "Thread.print", "JVMTI.data_dump")) {
                assertThat(jcmd(jvm.pid(), command)).as(command).isTrue();
            }
            jvm.writeLine("end");

            jvm.await("heard 0");
            assertThat(jvm.exitCode()).isZero();
        }
    }

    /** HotSpot takes the SIGQUIT of every attach but the first for a request for a dump. */
    @Test
    @Timeout(300) // It starts nine JVMs at once.
    void attachingSeveralTimesAtOnceDoesNotCallTheHandler() throws Exception {
        try (ChildJvm jvm = ChildJvm.start(QuitSignalMain.class, NATIVE);
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            jvm.await("ready");

            List<Future<Boolean>> answers = IntStream.range(0, 8)
                    .mapToObj(i -> clients.submit(() -> jcmd(jvm.pid(), i % 2 == 0 ? "Thread.print" : "VM.version")))
                    .toList();
            for (Future<Boolean> answer : answers) {
                assertThat(answer.get(120, TimeUnit.SECONDS)).isTrue();
            }
            jvm.writeLine("end");

            jvm.await("heard 0");
            assertThat(jvm.exitCode()).isZero();
        }
    }

    @Test
    void reportsAQuitRightAfterTheFirstAttach() throws Exception {
        try (ChildJvm jvm = ChildJvm.start(QuitSignalMain.class, NATIVE)) {
            jvm.await("ready");
            assertThat(jcmd(jvm.pid(), "VM.version")).isTrue();
            // As if it had just attached, however long the end of jcmd took.
            Files.setLastModifiedTime(Path.of("/tmp/.java_pid" + jvm.pid()), FileTime.from(Instant.now()));

            jvm.kill("QUIT");

            jvm.await("Full thread dump");
            assertThat(jvm.await("remark"))
                    .isEqualTo(
                            "remark SIGQUIT only printed a thread dump: it arrived within seconds of the first attach"
                                    + " by jcmd or a similar tool, which also sends SIGQUIT; send it again to shut down");
        }
    }

    @Test
    void callsTheHandlerWhileAnAttachListenerRuns() throws Exception {
        try (ChildJvm jvm = ChildJvm.start(QuitSignalMain.class, NATIVE)) {
            jvm.await("ready");
            assertThat(jcmd(jvm.pid(), "VM.version")).isTrue();
            Files.setLastModifiedTime(
                    Path.of("/tmp/.java_pid" + jvm.pid()),
                    FileTime.from(Instant.now().minusSeconds(60)));

            jvm.kill("QUIT");

            jvm.await("Full thread dump");
            jvm.await("quit 1");
        }
    }

    @Test
    void survivesAHandlerThatThrows() throws Exception {
        try (ChildJvm jvm = ChildJvm.start(QuitSignalMain.class, NATIVE, "-Dthrowing=true")) {
            jvm.await("ready");

            jvm.kill("QUIT");
            jvm.await("thrown on purpose");
            jvm.kill("QUIT");

            jvm.await("quit 2");
        }
    }

    @Test
    void callsNothingOnceClosed() throws Exception {
        try (ChildJvm jvm = ChildJvm.start(QuitSignalMain.class, NATIVE)) {
            jvm.await("ready");
            jvm.writeLine("close");
            jvm.await("done close");

            jvm.kill("QUIT");
            jvm.await("Full thread dump");
            // The dump's last part; the event would have been posted after it.
            jvm.await("Heap");
            jvm.kill("QUIT");
            jvm.await("Full thread dump");
            jvm.writeLine("end");

            jvm.await("heard 0");
        }
    }

    @Test
    void worksInABackgroundJobForWhichTheShellIgnoredQuit() throws Exception {
        try (ChildJvm jvm = ChildJvm.startByShell("exec 3<&0; \"$@\" <&3 & wait $!", QuitSignalMain.class, NATIVE)) {
            jvm.await("INSTALLED SIGQUIT");
            jvm.await("ready");

            jvm.kill("QUIT");

            jvm.await("Full thread dump");
            jvm.await("quit 1");
        }
    }

    @Test
    void reportsThatXrsPreventsTheHandler() throws Exception {
        try (ChildJvm jvm = ChildJvm.start(QuitSignalMain.class, NATIVE, "-Xrs")) {
            assertThat(jvm.await("SIGQUIT"))
                    .isEqualTo("REFUSED SIGQUIT: not handled, it ends the process at once, without a dump or a graceful"
                            + " shutdown: the JVM was started with -Xrs");
        }
    }

    @Test
    void reportsThatNativeAccessIsDenied() throws Exception {
        try (ChildJvm jvm = ChildJvm.start(QuitSignalMain.class, "--illegal-native-access=deny")) {
            assertThat(jvm.await("SIGQUIT"))
                    .isEqualTo("REFUSED SIGQUIT: only prints a thread dump: native access is denied;"
                            + " --enable-native-access grants it");
            jvm.await("ready");

            jvm.kill("QUIT");

            jvm.await("Full thread dump");
            jvm.writeLine("end");
            jvm.await("heard 0");
        }
    }

    @Test
    void worksWithTheJvmsWarningWhereNativeAccessIsNotGranted() throws Exception {
        try (ChildJvm jvm = ChildJvm.start(QuitSignalMain.class)) {
            jvm.await("WARNING: A restricted method in java.lang.foreign.");
            jvm.await("INSTALLED SIGQUIT");

            jvm.kill("QUIT");

            jvm.await("quit 1");
        }
    }

    private static boolean jcmd(long pid, String command) throws Exception {
        Process process = new ProcessBuilder(
                        JCMD, ATTACH_TIMEOUT, "-J-XX:TieredStopAtLevel=1", Long.toString(pid), command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            return process.waitFor(90, TimeUnit.SECONDS) && process.exitValue() == 0;
        } finally {
            process.destroyForcibly();
        }
    }
}
