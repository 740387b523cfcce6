package io.lynx.app;

import io.lynx.config.ConfigEvent;
import io.lynx.event.Topic;
import io.lynx.health.HealthEvent;
import io.lynx.plugin.PluginEvent;
import io.lynx.recovery.RecoveryEvent;
import io.lynx.resilience.CircuitBreakerEvent;

/**
 * The topics on which the framework publishes what happens to it. Their payloads are the events of the owners, in the order in
 * which they happen, published outside of locks. Events that the event bus itself publishes are in {@link
 * io.lynx.event.Events#DEAD_LETTERED}. Immutable.
 */
public final class LynxTopics {
    /** What happens to plugins; runs of jobs and failures of the virtual machine excepted. */
    public static final Topic<PluginEvent> PLUGIN = Topic.of("plugin", "lifecycle.changed", PluginEvent.class);

    /** The life of the application, its shutdown excepted. */
    public static final Topic<LifecycleEvent> APPLICATION =
            Topic.of("system", "lifecycle.changed", LifecycleEvent.class);

    /** The shutdown of the application. */
    public static final Topic<LifecycleEvent.Shutdown> SHUTDOWN =
            Topic.of("system", "shutdown.progress", LifecycleEvent.Shutdown.class);

    /** Changes of health, of checks and of probes; single runs of checks excepted. */
    public static final Topic<HealthEvent> HEALTH = Topic.of("health", "health.changed", HealthEvent.class);

    /** Transitions of circuit breakers. */
    public static final Topic<CircuitBreakerEvent.StateChanged> BREAKER =
            Topic.of("system", "breaker.transition", CircuitBreakerEvent.StateChanged.class);

    /** Errors that were recorded in full. */
    public static final Topic<RecoveryEvent.ErrorRecorded> ERROR =
            Topic.of("system", "error.occurred", RecoveryEvent.ErrorRecorded.class);

    /** Recoveries. */
    public static final Topic<RecoveryEvent> RECOVERY = Topic.of("system", "recovery.changed", RecoveryEvent.class);

    /** The configuration: loaded, reloaded, refused. */
    public static final Topic<ConfigEvent> CONFIG = Topic.of("config", "config.reload", ConfigEvent.class);

    private LynxTopics() {}
}
