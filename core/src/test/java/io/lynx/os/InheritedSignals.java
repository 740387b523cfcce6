package io.lynx.os;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.Set;

/** Which signals the process of the tests was started with ignored, as by {@code nohup}; its children inherit them. */
final class InheritedSignals {
    private InheritedSignals() {}

    /** Skips a test that needs handlers for SIGHUP and SIGINT where the process of the tests cannot have them. */
    static void assumeHandled() {
        try (Signals probe = Signals.install(Set.of(ProcessSignal.HUP, ProcessSignal.INT), _ -> {})) {
            assumeThat(probe.outcomes())
                    .as("the tests run under nohup or as a background job of a shell")
                    .allMatch(SignalOutcome::isInstalled);
        }
    }
}
