package io.lynx.app;

import io.lynx.plugin.PluginState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a stop went, or how it is going. Immutable.
 *
 * @param trigger why
 * @param at when it began
 * @param budget how long it may take
 * @param took how long it has taken
 * @param phases the phases that are over and, last, the one under way
 * @param inFlightAtStart requests being served when it began
 * @param inFlightAtEnd requests being served when the drain was over
 * @param requestsFailed requests cut off before their answers were complete
 * @param undeliveredEvents events that subscribers had not handled when their subscriptions or buses closed
 * @param plugins how each plugin's stop went, in the order in which they ended
 * @param isOver whether the stop is over
 * @param exitCode what the process exits with; meaningful when it is over
 */
public record ShutdownReport(
        StopTrigger trigger,
        Instant at,
        Duration budget,
        Duration took,
        List<Phase> phases,
        long inFlightAtStart,
        long inFlightAtEnd,
        long requestsFailed,
        long undeliveredEvents,
        List<StoppedPlugin> plugins,
        boolean isOver,
        int exitCode) {
    /** Copies the lists. */
    public ShutdownReport {
        phases = List.copyOf(phases);
        plugins = List.copyOf(plugins);
    }

    /** Whether no plugin and no event was given up, and everything ended inside the budget. */
    public boolean isClean() {
        return took.compareTo(budget) <= 0
                && undeliveredEvents == 0
                && plugins.stream().noneMatch(plugin -> plugin.state() == PluginState.ABANDONED);
    }

    /**
     * One phase.
     *
     * @param name which
     * @param took how long it has taken
     */
    public record Phase(Name name, Duration took) {
        /** The phases, in order. */
        public enum Name {
            /** Readiness goes down for good. */
            ANNOUNCE,
            /** Full service goes on while clients are told to leave. */
            DELAY,
            /** No more connections; what is in flight is served. */
            DRAIN,
            /** Plugins stop. */
            PLUGINS,
            /** What an operator looks through stops; the report is written. */
            EXIT
        }
    }

    /**
     * One plugin's stop.
     *
     * @param id which
     * @param state {@link PluginState#STOPPED}, or {@link PluginState#ABANDONED} if it was given up
     * @param took how long
     * @param allowed how long it was allowed
     * @param failure what went wrong, in one line; null if nothing
     * @param threadsLeft names of its threads that would not end
     * @param stack where it hung, if it was interrupted at its deadline; else empty
     */
    public record StoppedPlugin(
            String id,
            PluginState state,
            Duration took,
            Duration allowed,
            @Nullable String failure,
            List<String> threadsLeft,
            List<String> stack) {
        /** Copies the lists. */
        public StoppedPlugin {
            threadsLeft = List.copyOf(threadsLeft);
            stack = List.copyOf(stack);
        }
    }
}
