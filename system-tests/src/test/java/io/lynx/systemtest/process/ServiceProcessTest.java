package io.lynx.systemtest.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.systemtest.app.SignalProbe;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ServiceProcessTest {
    private static final int HUP_BIT = 1;
    private static final int INT_BIT = 1 << 1;

    @ParameterizedTest
    @CsvSource({"PLAIN, 0, 0", "XRS, 0, 0", "NOHUP, 1, 0", "BACKGROUND, 0, 2"})
    void childIgnoresTheSignalsThatItsWrapperIgnores(Wrapper wrapper, int hup, int interrupt) throws Exception {
        try (ServiceProcess child =
                Launch.of(SignalProbe.class).wrapper(wrapper).start()) {
            String mask = child.awaitLine("ignored ").text().substring("ignored ".length());

            long ignored = Long.parseUnsignedLong(mask, 16);
            assertThat(ignored & HUP_BIT).isEqualTo(hup);
            assertThat(ignored & INT_BIT).isEqualTo(interrupt);

            long sent = child.signal(Signal.TERM);
            ServiceProcess.Exit exit = child.awaitExit();
            assertThat(exit.code()).isEqualTo(143);
            assertThat(exit.since(sent)).isPositive();
        }
    }

    @Test
    void childHasADirectoryFilesAndVariablesOfItsOwn() throws Exception {
        ServiceProcess child = Launch.of(SignalProbe.class)
                .file("some.yml", "key: value")
                .variable("PROBE", "set")
                .start();
        try (child) {
            assertThat(child.directory().resolve("some.yml")).hasContent("key: value");
            assertThat(child.awaitLine("directory").text())
                    .isEqualTo("directory " + child.directory().toRealPath() + " variable set");
        }

        assertThat(child.isAlive()).isFalse();
        assertThat(Files.exists(child.directory())).isFalse();
    }

    @Test
    void closeEndsABackgroundJobToo() throws Exception {
        ProcessHandle jvm;
        try (ServiceProcess child =
                Launch.of(SignalProbe.class).wrapper(Wrapper.BACKGROUND).start()) {
            jvm = ProcessHandle.of(child.pid()).orElseThrow();
        }

        jvm.onExit().get(1, TimeUnit.MINUTES);
        assertThat(jvm.isAlive()).isFalse();
    }

    @Test
    void aWaitThatTimesOutShowsTheOutput() throws Exception {
        try (ServiceProcess child = Launch.of(SignalProbe.class).start()) {
            child.awaitLine("ignored");

            assertThatThrownBy(() -> child.awaitLine("never", Duration.ofMillis(50)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContainingAll("PLAIN, alive", "no line with 'never' within PT0.05S", "ignored 0");
            assertThatThrownBy(() -> child.awaitExit(Duration.ofMillis(50)))
                    .hasMessageContaining("still there after PT0.05S");
        }
    }

    @Test
    void aWaitForALineEndsWithTheProcess() throws Exception {
        try (ServiceProcess child = Launch.of(SignalProbe.class).start()) {
            child.awaitLine("ignored");
            child.signal(Signal.KILL);

            assertThatThrownBy(() -> child.awaitLine("never")).hasMessageContaining("exited with 137");
            assertThatThrownBy(() -> child.signal(Signal.TERM)).hasMessageContaining("gone before TERM");
        }
    }
}
