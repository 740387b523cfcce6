package io.lynx.app;

import io.lynx.plugin.PluginState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The progress or the result of a shutdown. Immutable.
 *
 * @param trigger the reason
 * @param at when it was requested
 * @param budget the time that it may take
 * @param took the time since it was requested
 * @param phases the finished phases and, last, the current one
 * @param steps the finished steps and, last, the current one
 * @param inFlightAtStart requests in flight when it began
 * @param inFlightAtEnd requests in flight when the drain was over
 * @param requestsFailed requests cut off before their responses were complete
 * @param longLivedEnded long-lived streams, such as server-sent events, that the drain has ended; they do not count as failed
 * @param cutOff what was cut off: the oldest of those requests, event handlers, and recoveries; at most {@value #MOST_CUT_OFF}
 *     of each. A recovery that was cut off does not make the shutdown unclean
 * @param undeliveredEvents events that subscribers had not handled when their subscriptions or buses closed
 * @param undeliveredTo the subscribers that had such events, each with their number
 * @param plugins the plugins that have stopped, in that order, those that are stopping, and those abandoned earlier
 * @param isOver whether the shutdown is over
 * @param exitCode the exit code of the process; meaningful when the shutdown is over
 */
public record ShutdownReport(
        ShutdownTrigger trigger,
        Instant at,
        Duration budget,
        Duration took,
        List<Phase> phases,
        List<Step> steps,
        long inFlightAtStart,
        long inFlightAtEnd,
        long requestsFailed,
        long longLivedEnded,
        List<CutOffWork> cutOff,
        long undeliveredEvents,
        List<String> undeliveredTo,
        List<StoppedPlugin> plugins,
        boolean isOver,
        int exitCode) {
    /** The most requests, event handlers and recoveries that a report names. */
    public static final int MOST_CUT_OFF = 20;

    /** Copies the lists. */
    public ShutdownReport {
        phases = List.copyOf(phases);
        steps = List.copyOf(steps);
        cutOff = List.copyOf(cutOff);
        undeliveredTo = List.copyOf(undeliveredTo);
        plugins = List.copyOf(plugins);
    }

    /**
     * Returns whether the shutdown is over and was clean: within the budget, with no request cut off, no event undelivered, no
     * plugin abandoned at any time and no step that failed. A plugin whose stop has failed, or has ended only when it was interrupted,
     * is in {@link #plugins} with its failure and does not make the shutdown unclean: it has stopped.
     */
    public boolean isClean() {
        return isOver
                && took.compareTo(budget) <= 0
                && requestsFailed == 0
                && undeliveredEvents == 0
                && steps.stream().allMatch(step -> step.problem() == null)
                && plugins.stream().noneMatch(plugin -> plugin.state() == PluginState.ABANDONED);
    }

    /**
     * A phase of the shutdown. It consists of steps.
     *
     * @param name the phase
     * @param took how long it has taken
     */
    public record Phase(Name name, Duration took) {
        /** The phases, in order. */
        public enum Name {
            /** Readiness goes down permanently. */
            ANNOUNCE,
            /** All requests are still served; clients are asked to close their connections. */
            DELAY,
            /** New connections are refused; requests in flight are served. */
            DRAIN,
            /** Plugins stop. */
            PLUGINS,
            /** Management plugins, events, health and metrics close; the report is written. */
            EXIT
        }
    }

    /**
     * A step of the shutdown.
     *
     * @param name the step, such as {@code drain}
     * @param phase the phase that it belongs to
     * @param took how long it has taken
     * @param allowed how long it was allowed to take
     * @param problem one line on what went wrong; null if nothing did
     */
    public record Step(
            String name,
            Phase.Name phase,
            Duration took,
            Duration allowed,
            @Nullable String problem) {}

    /**
     * A request, an event handler or a recovery that was cut off.
     *
     * @param kind which of them it is
     * @param name the pattern of the request's route, {@code event handler} and the name of its subscription, or {@code recovery
     *     of} and the component with the strategy
     * @param age the time since the head of the request was read, the event was published, or the recovery began
     * @param stack what its thread was doing, the innermost frame first; empty if it had no thread
     */
    public record CutOffWork(Kind kind, String name, Duration age, List<String> stack) {
        /** The kinds of work that a shutdown may cut off. */
        public enum Kind {
            /** A request, which then counts as failed. */
            REQUEST,
            /** The handling of an event, which then counts as undelivered. */
            EVENT_HANDLER,
            /** A recovery, which does not make a shutdown unclean. */
            RECOVERY
        }

        /** Copies the list. */
        public CutOffWork {
            stack = List.copyOf(stack);
        }
    }

    /**
     * The stop of a plugin.
     *
     * @param id the plugin
     * @param state {@link PluginState#STOPPED}, {@link PluginState#ABANDONED} if its start or stop did not end after its
     *     deadline, or {@link PluginState#STARTING} or {@link PluginState#STOPPING} while it is in progress
     * @param took how long it has taken
     * @param allowed how long it was allowed to take
     * @param failure one line on what went wrong; null if nothing did
     * @param threadsLeft names of its threads that did not end
     * @param stack what its thread does, if it is in progress, or did at its deadline; else empty
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
