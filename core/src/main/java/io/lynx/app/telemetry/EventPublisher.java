package io.lynx.app.telemetry;

import io.lynx.app.ApplicationConfig;
import io.lynx.app.ShutdownReport;
import io.lynx.app.StopTrigger;
import io.lynx.event.BreakerTransition;
import io.lynx.event.ConfigEvent;
import io.lynx.event.ErrorEvent;
import io.lynx.event.EventHeaders;
import io.lynx.event.Events;
import io.lynx.event.FrameworkEvent;
import io.lynx.event.HealthChanged;
import io.lynx.event.LifecycleEvent;
import io.lynx.event.LynxTopics;
import io.lynx.event.ShutdownEvent;
import io.lynx.event.Topic;
import io.lynx.health.HealthEvent;
import io.lynx.plugin.PluginEvent;
import io.lynx.plugin.PluginStatus;
import io.lynx.recovery.ErrorRecord;
import io.lynx.recovery.RecoveryEvent;
import io.lynx.recovery.RecoveryRecord;
import io.lynx.resilience.CircuitBreakerEvent;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Publishes what happens to the application, its plugins, its health and its breakers. Nothing here waits: an event for which there is no room is counted as dropped by its bus. Thread-safe.
 */
public final class EventPublisher {
    private static final EventHeaders HEADERS = EventHeaders.NONE.withSource("lynx");

    private final Events events;

    public EventPublisher(Events events) {
        this.events = events;
    }

    /** Publishes what happened to a plugin. */
    public void plugin(PluginEvent event) {
        switch (event) {
            case PluginEvent.StateChanged changed -> stateChanged(changed.plugin());
            case PluginEvent.StartSlow _,
                    PluginEvent.DeadlineExceeded _,
                    PluginEvent.Abandoned _,
                    PluginEvent.LateResult _,
                    PluginEvent.ThreadDied _,
                    PluginEvent.VirtualMachineFailed _,
                    PluginEvent.JobFinished _,
                    PluginEvent.JobOverdue _ -> {}
        }
    }

    private void stateChanged(PluginStatus now) {
        switch (now.state()) {
            case RUNNING -> say(LynxTopics.LIFECYCLE, new LifecycleEvent.PluginStarted(now.id(), or0(now.startTime())));
            case FAILED -> say(LynxTopics.LIFECYCLE, new LifecycleEvent.PluginFailed(now.id(), failure(now)));
            case STOPPED -> say(LynxTopics.LIFECYCLE, new LifecycleEvent.PluginStopped(now.id(), or0(now.stopTime())));
            case ABANDONED ->
                say(LynxTopics.LIFECYCLE, new LifecycleEvent.PluginAbandoned(now.id(), or0(now.stopTime())));
            case NEW, STARTING, STOPPING -> {}
        }
    }

    private static Duration or0(@Nullable Duration duration) {
        return Objects.requireNonNullElse(duration, Duration.ZERO);
    }

    private static String failure(PluginStatus plugin) {
        return plugin.failure() == null ? "unknown" : plugin.failure().toString();
    }

    public void starting(ApplicationConfig identity) {
        say(LynxTopics.LIFECYCLE, new LifecycleEvent.ApplicationStarting(identity.name(), identity.version()));
    }

    public void config(io.lynx.config.ConfigEvent event) {
        switch (event) {
            case io.lynx.config.ConfigEvent.Loaded loaded ->
                say(LynxTopics.CONFIG, new ConfigEvent.Loaded(loaded.sources()));
            case io.lynx.config.ConfigEvent.Reloaded reloaded ->
                say(LynxTopics.CONFIG, new ConfigEvent.Reloaded(reloaded.applied(), reloaded.restartRequired()));
            case io.lynx.config.ConfigEvent.Refused refused ->
                say(LynxTopics.CONFIG, new ConfigEvent.Refused(refused.problems()));
            case io.lynx.config.ConfigEvent.Postponed _ -> {}
        }
    }

    public void ready(ApplicationConfig identity, Duration took) {
        say(LynxTopics.LIFECYCLE, new LifecycleEvent.ApplicationReady(identity.name(), identity.version(), took));
    }

    public void failed(ApplicationConfig identity, String error) {
        say(LynxTopics.LIFECYCLE, new LifecycleEvent.ApplicationFailed(identity.name(), error));
    }

    public void stopping(StopTrigger trigger, Duration budget) {
        say(LynxTopics.SHUTDOWN, new ShutdownEvent.Requested(trigger.toString(), budget));
    }

    public void phase(ShutdownReport.Phase.Name phase, Duration remaining) {
        say(LynxTopics.SHUTDOWN, new ShutdownEvent.PhaseEntered(phase.name(), remaining));
    }

    public void breaker(CircuitBreakerEvent event) {
        if (event instanceof CircuitBreakerEvent.StateChanged changed) {
            say(
                    LynxTopics.BREAKER,
                    new BreakerTransition(
                            changed.breaker(),
                            changed.from().name(),
                            changed.to().name(),
                            changed.mode().name()));
        }
    }

    public void recovery(RecoveryEvent event) {
        switch (event) {
            case RecoveryEvent.ErrorCounted _ -> {}
            case RecoveryEvent.ErrorRecorded recorded -> {
                ErrorRecord error = recorded.error();
                say(
                        LynxTopics.ERROR,
                        new ErrorEvent.Recorded(
                                error.id(),
                                error.errorType(),
                                error.component(),
                                error.severity().name(),
                                error.message()));
            }
            case RecoveryEvent.RecoveryStarted started ->
                say(
                        LynxTopics.RECOVERY,
                        new io.lynx.event.RecoveryEvent.Started(
                                started.component(),
                                started.errorType(),
                                started.severity().name()));
            case RecoveryEvent.StrategyFinished finished ->
                say(
                        LynxTopics.RECOVERY,
                        new io.lynx.event.RecoveryEvent.StrategyEnded(
                                finished.component(),
                                finished.errorType(),
                                finished.strategy(),
                                finished.outcome().label(),
                                finished.duration()));
            case RecoveryEvent.ComponentQuarantined parked ->
                say(
                        LynxTopics.RECOVERY,
                        new io.lynx.event.RecoveryEvent.Parked(parked.component(), parked.restarts(), parked.reason()));
            case RecoveryEvent.ComponentReleased released ->
                say(LynxTopics.RECOVERY, new io.lynx.event.RecoveryEvent.Reset(released.component()));
            case RecoveryEvent.StrategyAbandoned abandoned ->
                say(
                        LynxTopics.RECOVERY,
                        new io.lynx.event.RecoveryEvent.StrategyEnded(
                                abandoned.component(),
                                abandoned.errorType(),
                                abandoned.strategy(),
                                "abandoned",
                                abandoned.duration()));
            case RecoveryEvent.RecoveryFinished(RecoveryRecord recovery) ->
                say(
                        LynxTopics.RECOVERY,
                        new io.lynx.event.RecoveryEvent.Ended(
                                recovery.component(),
                                recovery.errorType(),
                                recovery.result().name(),
                                recovery.duration()));
        }
    }

    public void health(HealthEvent event) {
        switch (event) {
            case HealthEvent.CheckChanged changed ->
                say(
                        LynxTopics.HEALTH,
                        new HealthChanged(
                                changed.report().name(),
                                changed.report().plugin(),
                                changed.from().name(),
                                changed.report().status().name(),
                                changed.report().error()));
            case HealthEvent.StatusChanged changed -> {
                if (changed.group() == null) {
                    say(
                            LynxTopics.HEALTH,
                            new HealthChanged(
                                    "application",
                                    "",
                                    changed.from().name(),
                                    changed.to().name(),
                                    null));
                }
            }
            case HealthEvent.CheckRan _ -> {}
        }
    }

    private <T extends FrameworkEvent> void say(Topic<T> topic, T event) {
        var _ = events.offer(topic, event, HEADERS);
    }
}
