package io.lynx.app.telemetry;

import io.lynx.app.LifecycleEvent;
import io.lynx.app.LynxTopics;
import io.lynx.config.ConfigEvent;
import io.lynx.event.Event.EventHeaders;
import io.lynx.event.Events;
import io.lynx.event.Topic;
import io.lynx.health.HealthEvent;
import io.lynx.leadership.LeadershipEvent;
import io.lynx.plugin.PluginEvent;
import io.lynx.recovery.RecoveryEvent;
import io.lynx.resilience.CircuitBreakerEvent;

/**
 * Publishes the events of their owners on the topics of {@link LynxTopics}. It never waits: if a queue is full, the bus
 * counts the event as dropped. Thread-safe.
 */
public final class EventPublisher {
    private static final EventHeaders HEADERS = EventHeaders.NONE.withSource("lynx");

    private final Events events;

    /** Creates a publisher to these buses. */
    public EventPublisher(Events events) {
        this.events = events;
    }

    /** Publishes what happens to the application. */
    public void on(LifecycleEvent event) {
        switch (event) {
            case LifecycleEvent.Shutdown shutdown -> publish(LynxTopics.SHUTDOWN, shutdown);
            case LifecycleEvent.Starting _, LifecycleEvent.Ready _, LifecycleEvent.StartFailed _ ->
                publish(LynxTopics.APPLICATION, event);
        }
    }

    /** Publishes what happens to plugins, runs of jobs excepted. */
    public void on(PluginEvent event) {
        switch (event) {
            case PluginEvent.VirtualMachineFailed _, PluginEvent.JobFinished _ -> {}
            case PluginEvent.LeadershipChanged changed
            when changed.change() instanceof LeadershipEvent.CallFailed failed && failed.inSequence() > 1 -> {}
            default -> publish(LynxTopics.PLUGIN, event);
        }
    }

    /** Publishes what happens to the configuration. */
    public void on(ConfigEvent event) {
        if (!(event instanceof ConfigEvent.Postponed)) {
            publish(LynxTopics.CONFIG, event);
        }
    }

    /** Publishes changes of circuit breakers. */
    public void on(CircuitBreakerEvent event) {
        if (event instanceof CircuitBreakerEvent.StateChanged changed) {
            publish(LynxTopics.BREAKER, changed);
        }
    }

    /** Publishes changes of health. */
    public void on(HealthEvent event) {
        if (!(event instanceof HealthEvent.CheckRan)) {
            publish(LynxTopics.HEALTH, event);
        }
    }

    /** Publishes errors and recoveries. */
    public void on(RecoveryEvent event) {
        switch (event) {
            case RecoveryEvent.ErrorCounted _ -> {}
            case RecoveryEvent.ErrorRecorded recorded -> publish(LynxTopics.ERROR, recorded);
            case RecoveryEvent.RecoveryStarted _,
                    RecoveryEvent.StrategyFinished _,
                    RecoveryEvent.StrategyAbandoned _,
                    RecoveryEvent.RecoveryFinished _,
                    RecoveryEvent.ComponentQuarantined _,
                    RecoveryEvent.ComponentReleased _ -> publish(LynxTopics.RECOVERY, event);
        }
    }

    private <T> void publish(Topic<T> topic, T event) {
        var _ = events.offer(topic, event, HEADERS);
    }
}
