package io.lynx.container;

import io.lynx.event.Subscription.Undelivered;
import io.lynx.plugin.PluginOperation;
import io.lynx.plugin.PluginState;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The stop of a plugin, or an abandoned start, for the report of the shutdown. Immutable.
 *
 * @param id the plugin
 * @param operation STOP, or START for a start that was abandoned
 * @param state STOPPED or ABANDONED; the present state if the operation is still in progress
 * @param took how long it has taken
 * @param allowed how long it was allowed to take
 * @param undelivered its subscriptions that had events left when they closed
 * @param failure what its stop or the closing of its resources threw; null if nothing
 * @param threadsLeft names of its threads that did not end
 * @param stack what its thread was doing when its time was over, or is doing now; empty if it ended in time
 */
public record PluginStop(
        String id,
        PluginOperation operation,
        PluginState state,
        Duration took,
        Duration allowed,
        List<Undelivered> undelivered,
        @Nullable Throwable failure,
        List<String> threadsLeft,
        List<String> stack) {
    /** Copies the lists. */
    public PluginStop {
        undelivered = List.copyOf(undelivered);
        threadsLeft = List.copyOf(threadsLeft);
        stack = List.copyOf(stack);
    }

    /** Returns whether the plugin stopped by itself and without a failure. */
    boolean isClean() {
        return state == PluginState.STOPPED && failure == null;
    }

    /** Returns whether {@code other} is of the same operation of the same plugin. */
    boolean isSameOperation(PluginStop other) {
        return operation == other.operation && id.equals(other.id);
    }

    PluginStop withUndelivered(List<Undelivered> other) {
        return new PluginStop(id, operation, state, took, allowed, other, failure, threadsLeft, stack);
    }

    PluginStop withState(PluginState other) {
        return new PluginStop(id, operation, other, took, allowed, undelivered, failure, threadsLeft, stack);
    }

    /** Returns the same with another failure, on which the present one is suppressed. */
    PluginStop withFailure(Throwable other) {
        return new PluginStop(
                id, operation, state, took, allowed, undelivered, Failures.join(failure, other), threadsLeft, stack);
    }
}
