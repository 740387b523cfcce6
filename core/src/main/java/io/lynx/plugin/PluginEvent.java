package io.lynx.plugin;

import io.lynx.job.JobOutcome;
import io.lynx.leadership.LeadershipEvent;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a plugin. The container publishes these events, from several threads and never while it holds
 * a lock; two events of one plugin may arrive in another order than they happened. Immutable.
 */
public sealed interface PluginEvent {
    /** Returns the plugin as it was when the event was published. */
    PluginStatus plugin();

    /**
     * The plugin went to another state.
     *
     * @param before its state until then
     * @param plugin the plugin in its new state
     */
    record StateChanged(PluginState before, PluginStatus plugin) implements PluginEvent {}

    /**
     * A start has used half of its time, or nine tenths.
     *
     * @param plugin the plugin
     * @param elapsed the time since its start began
     * @param allowed the time that its start may take
     * @param stack what its thread is doing
     */
    record StartSlow(PluginStatus plugin, Duration elapsed, Duration allowed, List<StackTraceElement> stack)
            implements PluginEvent {}

    /**
     * A start or stop has used all of its time and was interrupted. It is abandoned if it does not end at once.
     *
     * @param plugin the plugin
     * @param operation the operation that exceeded its time
     * @param allowed the time that it was allowed
     * @param stack what its thread was doing
     */
    record DeadlineExceeded(
            PluginStatus plugin, PluginOperation operation, Duration allowed, List<StackTraceElement> stack)
            implements PluginEvent {}

    /**
     * A start or stop did not end although it was interrupted. Its thread may continue; its effects are ignored.
     *
     * @param plugin the plugin
     * @param operation the operation that was abandoned
     * @param elapsed the time since it began
     * @param stack what its thread was doing when its time was over
     */
    record Abandoned(PluginStatus plugin, PluginOperation operation, Duration elapsed, List<StackTraceElement> stack)
            implements PluginEvent {}

    /**
     * An abandoned start or stop returned after all. Its result was discarded.
     *
     * @param plugin the plugin
     * @param operation the operation that had been abandoned
     * @param elapsed the time since it began
     * @param failure what it threw; null if it returned normally
     */
    record LateResult(
            PluginStatus plugin,
            PluginOperation operation,
            Duration elapsed,
            @Nullable Throwable failure) implements PluginEvent {}

    /**
     * An exception escaped from one of the plugin's threads. Threads that an earlier start has left behind do not count, and
     * neither do those that end while the plugin stops.
     *
     * @param plugin the plugin
     * @param thread the name of the thread
     * @param failure the exception
     */
    record ThreadDied(PluginStatus plugin, String thread, Throwable failure) implements PluginEvent {}

    /**
     * The plugin's code met a failure after which the virtual machine cannot be trusted any more.
     *
     * @param plugin the plugin
     * @param failure the failure
     */
    record VirtualMachineFailed(PluginStatus plugin, Throwable failure) implements PluginEvent {}

    /**
     * A run of one of the plugin's jobs has ended.
     *
     * @param plugin the plugin
     * @param job the name of the job
     * @param outcome how the run ended
     * @param took how long it took
     * @param failure what it threw; null if it returned normally
     */
    record JobFinished(
            PluginStatus plugin,
            String job,
            JobOutcome outcome,
            Duration took,
            @Nullable Throwable failure) implements PluginEvent {}

    /**
     * A run of one of the plugin's jobs has exceeded its time-out, or ten minutes if it has none, and continues.
     *
     * @param plugin the plugin
     * @param job the name of the job
     * @param timeout the time that it has exceeded
     * @param stack what its thread is doing
     */
    record JobOverdue(PluginStatus plugin, String job, Duration timeout, List<StackTraceElement> stack)
            implements PluginEvent {}

    /**
     * Something happened to one of the plugin's candidacies for a leadership.
     *
     * @param plugin the plugin
     * @param change what happened
     */
    record LeadershipChanged(PluginStatus plugin, LeadershipEvent change) implements PluginEvent {}
}
