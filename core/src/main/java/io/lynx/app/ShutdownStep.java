package io.lynx.app;

import io.lynx.app.ShutdownReport.Phase;
import io.lynx.time.Deadline;
import java.util.function.UnaryOperator;

/**
 * A named step of the shutdown. Immutable.
 *
 * @param phase the phase that it belongs to
 * @param name its name in reports
 * @param share carves its deadline from that of the whole budget when its turn comes
 * @param action what it does
 */
record ShutdownStep(Phase.Name phase, String name, UnaryOperator<Deadline> share, Action action) {
    /** What a step does, at best within its deadline. */
    @FunctionalInterface
    interface Action {
        void run(Deadline deadline) throws Exception;
    }
}
