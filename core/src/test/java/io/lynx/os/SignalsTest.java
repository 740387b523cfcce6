package io.lynx.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

@DisabledOnOs(OS.WINDOWS)
final class SignalsTest {
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>(100);
    // Below the others, so that no test's signal ends the JVM of the tests.
    private final Signals ground = install("ground", ProcessSignal.HUP);

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

            // The lower number is served first.
            kill(ProcessSignal.HUP);

            assertThat(raise(ProcessSignal.INT)).isEqualTo("both INT");
            assertThat(heard).isEmpty();
            assertThat(signals.outcomes()).allMatch(SignalOutcome::isInstalled);
        }
        assertThat(raise(ProcessSignal.HUP)).isEqualTo("ground HUP");
    }

    private Signals install(String name, ProcessSignal... signals) {
        return Signals.install(new LinkedHashSet<>(List.of(signals)), signal -> heard.add(name + " " + signal));
    }

    private @Nullable String raise(ProcessSignal signal) throws Exception {
        kill(signal);
        return heard.poll(10, TimeUnit.SECONDS);
    }

    private static void kill(ProcessSignal signal) throws Exception {
        ChildJvm.run("kill", "-" + signal, Long.toString(ProcessHandle.current().pid()));
    }
}
