package io.lynx.event;

/** The topics on which the framework publishes its own life. */
public final class LynxTopics {
    /** The application's and its plugins' lives. */
    public static final Topic<LifecycleEvent> LIFECYCLE = Topic.of("plugin", "lifecycle.changed", LifecycleEvent.class);

    /** Changes of health. */
    public static final Topic<HealthChanged> HEALTH = Topic.of("health", "health.changed", HealthChanged.class);

    /** Transitions of circuit breakers. */
    public static final Topic<BreakerTransition> BREAKER =
            Topic.of("system", "breaker.transition", BreakerTransition.class);

    /** Errors, among them events that could not be handled. */
    public static final Topic<ErrorEvent> ERROR = Topic.of("system", "error.occurred", ErrorEvent.class);

    /** Recoveries. */
    public static final Topic<RecoveryEvent> RECOVERY = Topic.of("system", "recovery.changed", RecoveryEvent.class);

    /** Readings of the configuration. */
    public static final Topic<ConfigEvent> CONFIG = Topic.of("config", "config.reload", ConfigEvent.class);

    /** The stop. */
    public static final Topic<ShutdownEvent> SHUTDOWN = Topic.of("system", "shutdown.progress", ShutdownEvent.class);

    private LynxTopics() {}
}
