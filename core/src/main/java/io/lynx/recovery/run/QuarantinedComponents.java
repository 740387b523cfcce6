package io.lynx.recovery.run;

import io.lynx.extension.UserCode;
import io.lynx.recovery.ErrorOrigin;
import io.lynx.recovery.ErrorRecoveryConfig;
import io.lynx.recovery.ErrorRecoveryConfig.OnExhausted;
import io.lynx.recovery.RecoveryRecord.Result;
import io.lynx.recovery.run.Component.Phase;
import io.lynx.recovery.run.Component.Quarantine;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 *                      pause over              attempt helped            works for restart_window
 *   begin ──► WAITING ───────────► ATTEMPT ──────────────────► PROBATION ───────────────────────► end
 *                ▲                    │                           │
 *                └────────────────────┴───────────────────────────┘
 *                 attempt failed, or another restart would be needed: the next pause is twice as long
 */

/** Begins and ends the quarantines of components. Thread-safe. */
final class QuarantinedComponents {
    private static final Logger LOG = LoggerFactory.getLogger(QuarantinedComponents.class);

    private final RecoveryEngine engine;
    private final Components components;
    private final RecoveryLog log;
    private final Consumer<? super String> onShutdown;

    QuarantinedComponents(
            RecoveryEngine engine, Components components, RecoveryLog log, Consumer<? super String> onShutdown) {
        this.engine = engine;
        this.components = components;
        this.log = log;
        this.onShutdown = onShutdown;
    }

    /** Quarantines a component, or sends one that is on probation back. */
    void begin(Component component, String reason, RecordedError error, boolean isClosing) {
        if (component.quarantine() != null && park(component)) {
            return;
        }
        ErrorRecoveryConfig config = engine.config();
        Quarantine begun = new Quarantine(reason, error, config.quarantineInitial(), Phase.WAITING);
        component.hold(new Component.Parked()); // First, as a reset that sees the quarantine ends this state too.
        if (!component.changeQuarantine(null, begun)) {
            return;
        }
        Optional<Duration> nextAttempt = schedule(component, begun);
        announce(component, reason, nextAttempt, config.onExhausted());
        log.componentQuarantined(component, reason, engine.now(), nextAttempt);
        if (config.onExhausted() == OnExhausted.SHUTDOWN && !isClosing) {
            boolean _ = UserCode.run(
                    () -> onShutdown.accept("component '" + component.name() + "' was quarantined: " + reason),
                    failure -> LOG.atError()
                            .setCause(UserCode.loggable(failure))
                            .addKeyValue("component", component.name())
                            .log("The request to shut down after a quarantine failed"));
        }
    }

    private void announce(Component component, String reason, Optional<Duration> nextAttempt, OnExhausted onExhausted) {
        Instant at = nextAttempt.map(pause -> log.instant().plus(pause)).orElse(null);
        String consequence =
                switch (onExhausted) {
                    case PARK -> "next attempt at " + at;
                    case PARK_FOR_GOOD -> "it stays quarantined until it is reset";
                    case SHUTDOWN -> "the application shuts down";
                };
        LOG.atWarn()
                .addKeyValue("component", component.name())
                .addKeyValue("reason", reason)
                .addKeyValue("next_attempt", at)
                .log("Component '{}' quarantined: {}; {}", component.name(), reason, consequence);
    }

    private Optional<Duration> schedule(Component component, Quarantine waiting) {
        if (engine.config().onExhausted() != OnExhausted.PARK) {
            return Optional.empty();
        }
        engine.runner().after(waiting.pause(), () -> attempt(component, waiting));
        return Optional.of(waiting.pause());
    }

    private void attempt(Component component, Quarantine waiting) {
        if (component.state() instanceof Component.Parked parked
                && component.changeQuarantine(waiting, waiting.in(Phase.ATTEMPT))
                && component.change(parked, new Component.Queued(waiting.error()))) {
            engine.runner().enqueue(component);
        }
    }

    /**
     * Sends a component back into its quarantine, with a pause that is twice as long.
     *
     * @return false if its quarantine has ended meanwhile; the component is idle then
     */
    boolean park(Component component) {
        Component.Parked parked = new Component.Parked();
        component.hold(parked); // First, as a reset that sees the quarantine ends this state too.
        Quarantine before = component.quarantine();
        while (before != null) {
            Duration longest = engine.config().quarantineMax();
            Duration doubled = before.pause().multipliedBy(2);
            Quarantine again = new Quarantine(
                    before.reason(), before.error(), doubled.compareTo(longest) < 0 ? doubled : longest, Phase.WAITING);
            if (component.changeQuarantine(before, again)) {
                Optional<Duration> _ = schedule(component, again);
                return true;
            }
            before = component.quarantine();
        }
        boolean _ = component.change(parked, new Component.Idle());
        return false;
    }

    /** Notes the end of an attempt; returns whether the component stays quarantined, or a reset has made it idle meanwhile. */
    boolean attemptEnded(Component component, Result result) {
        Quarantine attempt = component.quarantine();
        if (attempt == null || attempt.phase() != Phase.ATTEMPT) {
            return false;
        }
        return switch (result) {
            case RECOVERED, DEGRADED, SKIPPED -> {
                boolean _ = watch(component, attempt);
                yield false;
            }
            case FAILED, PARKED, REFUSED, ABANDONED -> {
                boolean _ = park(component);
                yield true;
            }
            case CANCELLED -> false;
        };
    }

    /** Begins the probation, if the quarantine is still that one; returns whether it was. */
    private boolean watch(Component component, Quarantine before) {
        Quarantine probation = before.in(Phase.PROBATION);
        boolean isBegun = component.changeQuarantine(before, probation);
        if (isBegun) {
            watch(component, probation, engine.config().restartWindow());
        }
        return isBegun;
    }

    private void watch(Component component, Quarantine probation, Duration window) {
        engine.runner().after(window, () -> probationOver(component, probation, window));
    }

    @SuppressWarnings("ReferenceEquality") // Another quarantine may equal this one.
    private void probationOver(Component component, Quarantine probation, Duration window) {
        if (component.quarantine() != probation) {
            return;
        }
        if (!(component.state() instanceof Component.Idle) || !engine.works(component.name())) {
            watch(component, probation, window);
        } else if (component.changeQuarantine(probation, null)) {
            component.restarts().reset();
            LOG.atInfo()
                    .addKeyValue("component", component.name())
                    .log(
                            "Quarantine of component '{}' ended: it has worked for {}s",
                            component.name(),
                            window.toSeconds());
            log.componentReleased(component);
        }
    }

    /**
     * Ends a quarantine at once, and requests a restart if the component is not running.
     *
     * @return false if an abandoned strategy still holds it, or it is unknown
     */
    boolean reset(String name) {
        boolean isDown = engine.isDown(name);
        Component component = isDown ? components.of(name, engine.now()) : components.find(name);
        if (component == null) {
            return false;
        }
        component.absolve(engine.now());
        Quarantine before = component.quarantine();
        if (before != null && component.changeQuarantine(before, null)) {
            if (component.state() instanceof Component.Parked parked) {
                boolean _ = component.change(parked, new Component.Idle());
            }
            LOG.atInfo()
                    .addKeyValue("component", component.name())
                    .log("Quarantine of component '{}' ended by a reset", component.name());
            log.componentReleased(component);
        }
        if (component.state() instanceof Component.Held) {
            return false;
        }
        if (isDown) {
            RecordedError request = engine.restartRequest(component.name());
            Component.Offer _ =
                    engine.runner().offer(component, RecoveryPolicy.ofError(request.record()), () -> request);
        }
        return true;
    }

    /** Notes a check that passes: what it reported is over, and a quarantine because of it goes over into probation. */
    void healed(String name, String check) {
        Component component = components.find(name);
        if (component == null) {
            return;
        }
        if (component.health().checkHealed(check)) {
            log.markRecovered(error -> error.component().equals(component.name()) && isOf(error.origin(), check));
        }
        Quarantine waiting = component.quarantine();
        if (waiting != null
                && waiting.phase() == Phase.WAITING
                && isOf(waiting.origin(), check)
                && component.state() instanceof Component.Parked parked
                && watch(component, waiting)) { // Otherwise its next attempt has begun.
            boolean _ = component.change(parked, new Component.Idle());
        }
    }

    private static boolean isOf(ErrorOrigin origin, String check) {
        return origin instanceof ErrorOrigin.Check(String name, ErrorOrigin.Cause _) && name.equals(check);
    }
}
