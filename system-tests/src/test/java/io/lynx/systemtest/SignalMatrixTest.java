package io.lynx.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.lynx.systemtest.process.Launch;
import io.lynx.systemtest.process.ServiceProcess;
import io.lynx.systemtest.process.Signal;
import io.lynx.systemtest.process.Wrapper;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way to signal a service, in every state, however it was started: its exit code and what it reported. */
@Execution(ExecutionMode.CONCURRENT)
final class SignalMatrixTest {
    /** So that the service says when it hears QUIT: that comes a little after it is ready. */
    private static final String DEBUG = "--lynx.log.levels.io.lynx=debug";

    /** What is sent. */
    enum Shot {
        TERM(Signal.TERM),
        INT(Signal.INT),
        HUP(Signal.HUP),
        QUIT(Signal.QUIT),
        /** The second one more than a second after the first. */
        TERM_TERM(Signal.TERM, Signal.TERM),
        TERM_INT(Signal.TERM, Signal.INT),
        /** As wrappers send it: twice within a second. */
        TERM_TWICE_AT_ONCE(Signal.TERM, Signal.TERM);

        private final Signal first;
        private final Optional<Signal> second;

        Shot(Signal first) {
            this.first = first;
            this.second = Optional.empty();
        }

        Shot(Signal first, Signal second) {
            this.first = first;
            this.second = Optional.of(second);
        }
    }

    /** When it is sent. */
    enum State {
        /** A plugin's start takes for ever, but hears an interrupt. */
        STARTING("slow=HANG/NOTHING"),
        READY("good=NOTHING/NOTHING"),
        /** More than a second after a first TERM, while a request takes for ever. */
        DRAINING("slow-traffic;commands"),
        /** A plugin's stop takes for ever, and does not hear an interrupt. */
        HUNG("stuck=NOTHING/HANG_DEAF");

        private final String script;

        State(String script) {
            this.script = script;
        }
    }

    /** What a signal means to a process started so. */
    private enum Meaning {
        HANDLED,
        IGNORED,
        KILLS
    }

    static Stream<Arguments> cells() {
        return Stream.of(Wrapper.values())
                .flatMap(wrapper -> Stream.of(State.values()).flatMap(state -> Stream.of(Shot.values())
                        .filter(shot -> SystemTests.areFull() || isRepresentative(shot, state, wrapper))
                        .map(shot -> Arguments.of(shot, state, wrapper))));
    }

    /** Each signal, state and wrapper once, and each rule that puts two of them together. */
    private static boolean isRepresentative(Shot shot, State state, Wrapper wrapper) {
        return switch (wrapper) {
            case PLAIN ->
                switch (state) {
                    case STARTING -> shot == Shot.TERM || shot == Shot.QUIT;
                    case READY -> shot.second.isEmpty();
                    case DRAINING -> shot == Shot.INT || shot == Shot.HUP;
                    case HUNG -> shot.first == Signal.TERM;
                };
            case NOHUP -> state == State.READY && shot == Shot.HUP;
            case BACKGROUND -> state == State.READY && (shot == Shot.INT || shot == Shot.QUIT);
            case XRS -> state == State.READY && (shot == Shot.TERM || shot == Shot.QUIT);
        };
    }

    @ParameterizedTest(name = "{0} when {1}, {2}")
    @MethodSource("cells")
    void endsAsDesigned(Shot shot, State state, Wrapper wrapper) throws Exception {
        Launch launch = Services.scripted(state.script.split(";"))
                .wrapper(wrapper)
                .arguments("--lynx.shutdown.timeout=8s", "--lynx.shutdown.plugin_timeout=4s", DEBUG);
        try (ServiceProcess service = launch.start()) {
            reach(state, wrapper, service);

            fire(shot, state, wrapper, service);

            if (state == State.DRAINING && isWithoutEffect(shot, state, wrapper)) {
                // The drain goes on to its own end, which is that of the first TERM.
                checkDrained(service);
            } else if (isWithoutEffect(shot, state, wrapper)) {
                // It must still be what it was: a plain TERM now does what a plain TERM does.
                long _ = service.signal(Signal.TERM);
                check(Shot.TERM, state, wrapper, service);
                checkQuitBeforeReady(shot, state, wrapper, service);
            } else {
                check(shot, state, wrapper, service);
            }
        }
    }

    @Test
    void waitsForAStartThatCannotBeInterrupted() throws Exception {
        Launch launch = Services.scripted("slow=LOAD/NOTHING").arguments("--lynx.shutdown.timeout=30s", DEBUG);
        try (ServiceProcess service = launch.start()) {
            service.awaitLine("script slow starts");

            long _ = service.signal(Signal.TERM);

            check(Shot.TERM, State.STARTING, Wrapper.PLAIN, service);
            assertThat(service.output().text()).contains("script slow started", "script slow stopped");
        }
    }

    private static void reach(State state, Wrapper wrapper, ServiceProcess service) throws Exception {
        switch (state) {
            case STARTING -> service.awaitLine("script slow starts");
            case READY, HUNG -> Services.awaitReady(service);
            case DRAINING -> {
                Services.awaitReady(service);
                if (wrapper == Wrapper.XRS) {
                    service.type("stop");
                } else {
                    long _ = service.signal(Signal.TERM);
                }
                Services.awaitSecondCounts(service.awaitLine("script slow-traffic drains"));
            }
        }
    }

    private static void fire(Shot shot, State state, Wrapper wrapper, ServiceProcess service)
            throws InterruptedException {
        if (shot == Shot.QUIT && wrapper != Wrapper.XRS && (state == State.READY || state == State.HUNG)) {
            service.awaitLine("SIGQUIT: handled");
        }
        long _ = service.signal(shot.first);
        if (shot.second.isEmpty()) {
            return;
        }
        if (state == State.HUNG && halts(shot, wrapper)) {
            Services.awaitSecondCounts(service.awaitLine("script stuck stops"));
        }
        if (state != State.HUNG && shot != Shot.TERM_TWICE_AT_ONCE) {
            // Here the first one is the end of it; two on their way at once could overtake each other.
            boolean _ = service.hasExited(Duration.ofSeconds(10));
        }
        service.signalIfAlive(shot.second.get());
    }

    private static Meaning meaning(Signal signal, Wrapper wrapper) {
        return switch (wrapper) {
            case XRS -> Meaning.KILLS;
            case NOHUP -> signal == Signal.HUP ? Meaning.IGNORED : Meaning.HANDLED;
            case BACKGROUND -> signal == Signal.INT ? Meaning.IGNORED : Meaning.HANDLED;
            case PLAIN -> Meaning.HANDLED;
        };
    }

    /** An ignored signal; QUIT before it is heard, which is a dump and no more; HUP and QUIT while it already stops. */
    private static boolean isWithoutEffect(Shot shot, State state, Wrapper wrapper) {
        return switch (meaning(shot.first, wrapper)) {
            case IGNORED -> true;
            case KILLS -> false;
            case HANDLED ->
                (shot == Shot.QUIT && (state == State.STARTING || state == State.DRAINING))
                        || (shot == Shot.HUP && state == State.DRAINING);
        };
    }

    private static void check(Shot shot, State state, Wrapper wrapper, ServiceProcess service)
            throws InterruptedException {
        ServiceProcess.Exit exit = service.awaitExit();
        String all = service.output().text();
        Optional<JsonNode> report = Log.shutdownReport(service);
        checkWarnings(wrapper, all);
        if (meaning(shot.first, wrapper) == Meaning.KILLS) {
            assertThat(exit.code()).as(all).isEqualTo(shot.first.exitCode());
            assertThat(report).as(all).isEmpty();
            return;
        }
        switch (state) {
            case STARTING, READY -> {
                assertThat(exit.code()).as(all).isEqualTo(shot.first.exitCode());
                checkReport(report, "Stopped", shot, exit, all);
            }
            case DRAINING -> {
                assertThat(exit.code()).as(all).isEqualTo(shot.first.exitCode());
                assertThat(report).as(all).isEmpty();
                assertThat(all).contains("SIG" + shot.first + " again: halting now");
            }
            case HUNG -> {
                if (halts(shot, wrapper)) {
                    Signal second = shot.second.orElseThrow();
                    assertThat(exit.code()).as(all).isEqualTo(second.exitCode());
                    assertThat(report).as(all).isEmpty();
                    assertThat(all)
                            .containsPattern(
                                    "lynx: SIG" + second + " again: halting now.*, stuck (STOPPING|ABANDONED) .*"
                                            + "Deed\\.hangForEver\\(Deed\\.java:\\d+\\)");
                } else {
                    assertThat(exit.code()).as(all).isEqualTo(124);
                    checkReport(report, "Stopped uncleanly", shot, exit, all);
                    assertThat(report.orElseThrow().path("plugins").toString())
                            .contains("stuck ABANDONED", "Deed.hangForEver");
                }
            }
        }
        if (shot == Shot.QUIT) {
            assertThat(all).contains("Full thread dump");
        }
    }

    /** It is a dump and no more, as one line says. */
    private static void checkQuitBeforeReady(Shot shot, State state, Wrapper wrapper, ServiceProcess service) {
        if (shot == Shot.QUIT && state == State.STARTING && wrapper != Wrapper.XRS) {
            assertThat(service.output().text())
                    .contains("Full thread dump")
                    .containsOnlyOnce(
                            "SIGQUIT: prints a thread dump and does not shut down until the application is ready");
        }
    }

    private static void checkDrained(ServiceProcess service) throws InterruptedException {
        ServiceProcess.Exit exit = service.awaitExit();
        String all = service.output().text();
        // The request that is in flight for ever is cut off.
        assertThat(exit.code()).as(all).isEqualTo(124);
        checkReport(Log.shutdownReport(service), "Stopped uncleanly", Shot.TERM, exit, all);
    }

    /** Whether it is a second signal that is heard, late enough to be one of its own. */
    private static boolean halts(Shot shot, Wrapper wrapper) {
        return shot.second.isPresent()
                && shot != Shot.TERM_TWICE_AT_ONCE
                && meaning(shot.second.get(), wrapper) == Meaning.HANDLED;
    }

    private static void checkReport(
            Optional<JsonNode> report, String message, Shot shot, ServiceProcess.Exit exit, String all) {
        assertThat(all).contains("\"message\":\"" + message + "\"");
        assertThat(report).as(all).isPresent();
        assertThat(report.get().path("trigger").asText()).as(all).isEqualTo("SIG" + shot.first);
        assertThat(report.get().path("exit_code").asInt()).as(all).isEqualTo(exit.code());
    }

    /** Who cannot hear a signal says so, once. */
    private static void checkWarnings(Wrapper wrapper, String all) {
        switch (wrapper) {
            case PLAIN -> assertThat(all).doesNotContain("SIGHUP:", "SIGINT:", "SIGTERM:");
            case NOHUP ->
                assertThat(all).containsOnlyOnce("SIGHUP: stays ignored").doesNotContain("SIGINT:", "SIGTERM:");
            case BACKGROUND ->
                assertThat(all).containsOnlyOnce("SIGINT: stays ignored").doesNotContain("SIGHUP:", "SIGTERM:");
            case XRS ->
                assertThat(all)
                        .containsOnlyOnce("SIGHUP: not handled")
                        .containsOnlyOnce("SIGINT: not handled")
                        .containsOnlyOnce("SIGTERM: not handled");
        }
    }
}
