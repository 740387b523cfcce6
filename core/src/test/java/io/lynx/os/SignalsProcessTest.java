package io.lynx.os;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

@DisabledOnOs(OS.WINDOWS)
final class SignalsProcessTest {
    @BeforeAll
    static void assumeThatSignalsAreHandled() {
        InheritedSignals.assumeHandled();
    }

    @Test
    void callsTheHandlerForEachSignalAndKeepsTheProcessAlive() throws Exception {
        try (ChildJvm jvm = ChildJvm.start(SignalsMain.class)) {
            jvm.await("ready");

            for (String signal : new String[] {"HUP", "INT", "TERM"}) {
                jvm.kill(signal);
                jvm.await("heard " + signal);
            }

            assertThat(jvm.exitCode()).isEqualTo(143);
        }
    }

    @Test
    void leavesQuitToTheJvm() throws Exception {
        try (ChildJvm jvm = ChildJvm.start(SignalsMain.class)) {
            jvm.await("REFUSED SIGQUIT: not handled: the JVM keeps it for the thread dump");
            jvm.await("ready");

            jvm.kill("QUIT");

            jvm.await("Full thread dump");
        }
    }

    @Test
    void givesTheSignalsBackWhenClosed() throws Exception {
        try (ChildJvm jvm = ChildJvm.start(SignalsMain.class, "-Dclose=true")) {
            jvm.await("ready");

            jvm.kill("HUP");

            assertThat(jvm.exitCode()).isEqualTo(129);
            assertThat(jvm.rest()).isEmpty();
        }
    }

    @Test
    void reportsThatXrsPreventsTheHandlers() throws Exception {
        try (ChildJvm jvm = ChildJvm.start(SignalsMain.class, "-Xrs")) {
            for (String signal : new String[] {"HUP", "INT", "TERM"}) {
                assertThat(jvm.await("SIG" + signal))
                        .isEqualTo("REFUSED SIG" + signal + ": not handled, it ends the process at once without a"
                                + " graceful shutdown: the JVM refused the handler, as it does when started with -Xrs");
            }
            jvm.await("ready");

            jvm.kill("TERM");

            assertThat(jvm.exitCode()).isEqualTo(143);
            assertThat(jvm.rest()).isEmpty();
        }
    }

    @Test
    void leavesHupIgnoredAsNohupSetIt() throws Exception {
        try (ChildJvm jvm = ChildJvm.startByShell("trap '' HUP; exec \"$@\"", SignalsMain.class)) {
            assertThat(jvm.await("SIGHUP"))
                    .isEqualTo("IGNORED_BY_PARENT SIGHUP: stays ignored: this process was started with it"
                            + " ignored, as by nohup or as a background job of a shell");
            assertThat(jvm.await("SIGINT")).isEqualTo("INSTALLED SIGINT: handled");
            jvm.await("ready");

            jvm.kill("HUP");
            jvm.kill("TERM");

            assertThat(jvm.await("heard")).isEqualTo("heard TERM");
            assertThat(jvm.exitCode()).isEqualTo(143);
        }
    }

    @Test
    void leavesIntIgnoredInABackgroundJob() throws Exception {
        try (ChildJvm jvm = ChildJvm.startByShell("\"$@\" & wait $!", SignalsMain.class)) {
            assertThat(jvm.await("SIGHUP")).startsWith("INSTALLED");
            assertThat(jvm.await("SIGINT")).startsWith("IGNORED_BY_PARENT");
            assertThat(jvm.await("SIGTERM")).startsWith("INSTALLED");
            jvm.await("ready");

            jvm.kill("INT");
            jvm.kill("TERM");

            assertThat(jvm.await("heard")).isEqualTo("heard TERM");
            assertThat(jvm.exitCode()).isEqualTo(143);
        }
    }
}
