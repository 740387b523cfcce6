package io.lynx.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

@DisabledOnOs(OS.WINDOWS)
final class SignalsTest {
    private final BlockingQueue<String> received = new LinkedBlockingQueue<>(100);
    // Installed first, so that no signal of a test ends the JVM of the tests.
    private final Signals ground = install("ground", ProcessSignal.HUP);

    @BeforeAll
    static void assumeThatSignalsAreHandled() {
        InheritedSignals.assumeHandled();
    }

    @AfterEach
    void close() {
        ground.close();
    }

    @Test
    void exitCodesAre128PlusTheNumber() {
        assertThat(ProcessSignal.values()).extracting(ProcessSignal::exitCode).containsExactly(129, 130, 131, 143);
    }

    @Test
    void theLastInstalledHandlerIsCalledAndClosingItRestoresTheEarlierOne() throws Exception {
        Signals first = install("first", ProcessSignal.HUP);
        Signals second = install("second", ProcessSignal.HUP);

        assertThat(raise(ProcessSignal.HUP)).isEqualTo("second HUP");
        second.close();
        assertThat(raise(ProcessSignal.HUP)).isEqualTo("first HUP");
        first.close();

        assertThat(raise(ProcessSignal.HUP)).isEqualTo("ground HUP");
    }

    @Test
    void closingTheEarlierHandlerFirstKeepsTheLaterOne() throws Exception {
        Signals first = install("first", ProcessSignal.HUP);
        Signals second = install("second", ProcessSignal.HUP);

        first.close();
        assertThat(raise(ProcessSignal.HUP)).isEqualTo("second HUP");
        second.close();
        assertThat(raise(ProcessSignal.HUP)).isEqualTo("ground HUP");

        second.close();
        first.close();
        assertThat(raise(ProcessSignal.HUP)).isEqualTo("ground HUP");
    }

    @Test
    void anIgnoredSignalDoesNothing() throws Exception {
        try (Signals signals = install("both", ProcessSignal.HUP, ProcessSignal.INT)) {
            signals.ignore(ProcessSignal.HUP);

            // The signal with the lower number is delivered first.
            kill(ProcessSignal.HUP);

            assertThat(raise(ProcessSignal.INT)).isEqualTo("both INT");
            assertThat(received).isEmpty();
            assertThat(signals.outcomes()).allMatch(SignalOutcome::isInstalled);
        }
        assertThat(raise(ProcessSignal.HUP)).isEqualTo("ground HUP");
    }

    private Signals install(String name, ProcessSignal... signals) {
        return Signals.install(new LinkedHashSet<>(List.of(signals)), signal -> received.add(name + " " + signal));
    }

    private @Nullable String raise(ProcessSignal signal) throws Exception {
        kill(signal);
        return received.poll(30, TimeUnit.SECONDS);
    }

    private static void kill(ProcessSignal signal) throws Exception {
        ChildJvm.run("kill", "-" + signal, Long.toString(ProcessHandle.current().pid()));
    }
}
